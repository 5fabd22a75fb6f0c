"""A ledger as it was read → what `relance check` says: the table found, the columns matched, totals, problems."""

from typing import TYPE_CHECKING, Any

from batch.core.problem import Source
from batch.core.records import Ledger
from batch.report.figures import records, total_strings
from batch.report.problems import INDENT, place_words, print_problems, problem_json
from batch.report.terminal import new_table, print_heading
from batch.words import Words

if TYPE_CHECKING:
    from rich.console import Console


def check_json(ledger: Ledger, *, version: str, words: Words) -> dict[str, Any]:
    """Return how the ledger was understood; amounts are decimal strings, totals those of the file, at no date."""
    source = ledger.source
    return {
        "relance": version,
        "ledger": {
            "file": source.file,
            "sha256": source.sha256,
            "sheet": source.sheet,
            "header_row": source.header_row,
            "last_row": source.last_row,
            "rows": source.rows,
            "items": len(ledger.items),
            "left_out": source.left_out,
            "debtors": len(ledger.debtors),
            "total_open": total_strings(ledger.items),
            "newest_entry": source.newest_entry.isoformat() if source.newest_entry else None,
        },
        "columns": records(dict(zip(("field", "column", "heading"), zip(*source.columns, strict=True), strict=True)))
        if source.columns
        else [],
        "problems": [problem_json(problem, words) for problem in ledger.problems],
    }


def print_check(console: "Console", ledger: Ledger, words: Words) -> None:
    """Print how the ledger was understood, with every problem."""
    source = ledger.source
    print_heading(console, words.sentence("terminal", "table_found", _place(ledger, words)))
    counts = {
        "rows": source.rows,
        "items": len(ledger.items),
        "left_out": source.left_out,
        "debtors": len(ledger.debtors),
    }
    for code in ("rows_read", "rows_understood"):
        console.print(INDENT + words.sentence("terminal", code, counts))
    if source.newest_entry:
        console.print(INDENT + words.sentence("terminal", "newest_entry", {"on": source.newest_entry}))
    _print_columns(console, ledger, words)
    _print_totals(console, ledger, words)
    if ledger.problems:
        print_problems(console, ledger.problems, words, every=True)
    else:
        console.print(words.label("terminal", "no_problems"))


def _place(ledger: Ledger, words: Words) -> dict[str, object]:
    source = ledger.source
    return {
        "place": place_words(Source(file=source.file, sheet=source.sheet), words),
        "header_row": source.header_row,
        "last_row": source.last_row,
    }


def _print_columns(console: "Console", ledger: Ledger, words: Words) -> None:
    table = new_table(words, {"column": "left", "heading": "left", "field": "left"})
    for field, column, heading in ledger.source.columns:
        table.add_row(column, heading, words.label("fields", field) if words.has("fields", field) else field)
    console.print(table)


def _print_totals(console: "Console", ledger: Ledger, words: Words) -> None:
    """Print the open amounts by currency and kind, to compare with the accounts' own total."""
    table = new_table(words, {"currency": "left", "kind": "left", "number": "right", "open": "right"})
    still_open = ledger.items[ledger.items["open"] != 0]
    by_kind = still_open.groupby(["currency", "kind"], as_index=False).agg(
        number=("open", "size"), open=("open", "sum")
    )
    for currency, kind, number, amount in by_kind.itertuples(index=False, name=None):
        table.add_row(currency, words.label("kinds", kind), words.number(number), words.amount(amount, currency))
    table.add_section()
    totals = still_open.groupby("currency", as_index=False).agg(number=("open", "size"), open=("open", "sum"))
    for currency, number, amount in totals.itertuples(index=False, name=None):
        table.add_row(
            currency, words.label("terminal", "all_kinds"), words.number(number), words.amount(amount, currency)
        )
    console.print(table)
