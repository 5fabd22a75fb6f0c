"""What became of the file's own sums → lines that add up, for the terminal and for scripts."""

from typing import TYPE_CHECKING, Any

from batch.core.records import LedgerFile, Reconciliation
from batch.report.figures import decimal_string
from batch.report.grid import new_table, print_heading
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console

PARTS = ("source", "taken", "left_out", "aside", "turned", "difference", "stated")
ALWAYS = ("source", "taken", "left_out", "aside")  # told also when they are zero


def reconciliation_json(source: LedgerFile) -> list[dict[str, Any]]:
    """Return one object per currency; amounts are decimal strings, `stated` is null where the file has no total to compare."""
    return [
        {"currency": sums.currency, "field": sums.field, "heading": _heading(source, sums.field) or None}
        | {part: None if amount is None else decimal_string(amount, sums.currency) for part, amount in _parts(sums)}
        | {"unread": sums.unread, "agrees": sums.agrees}
        for sums in source.reconciliation
    ]


def print_reconciliation(console: "Console", source: LedgerFile, words: Words) -> None:
    """Print what became of each currency's sum."""
    for sums in source.reconciliation:
        _print(console, source, sums, words)


def print_disagreements(console: "Console", source: LedgerFile, words: Words) -> None:
    """Print the sums that do not add up, and nothing of those that do."""
    for sums in source.reconciliation:
        if not sums.agrees:
            _print(console, source, sums, words)


def _parts(sums: Reconciliation) -> list[tuple[str, int | None]]:
    return [(part, getattr(sums, part)) for part in PARTS]


def _heading(source: LedgerFile, field: str) -> str:
    return next((heading for name, _, heading in source.columns if name == field), "")


def _print(console: "Console", source: LedgerFile, sums: Reconciliation, words: Words) -> None:
    heading = _heading(source, sums.field) or words.label("fields", sums.field)
    facts = {"heading": heading, "currency": sums.currency}
    print_heading(console, words.sentence("terminal", "reconciliation", facts))
    table = new_table(words, {"part": "left", "sum": "right"})
    for part, amount in _parts(sums):
        if amount or (part in ALWAYS and amount is not None):
            table.add_row(words.label("parts", part), words.amount(amount, sums.currency))
    if sums.unread:
        table.add_row(words.label("parts", "unread"), words.number(sums.unread))
    console.print(table)
