"""What people type where an amount should stand: "oui" under "Payé ?", "payé" under "Solde" → a status, a balance of zero."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from batch.core.problem import Severity
from batch.ledger.cells.formats import struck_rows
from batch.ledger.files.sheets import Cell
from batch.ledger.table.columns import Match, letter
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.values import text_of
from batch.ledger.vocabulary import has_word, plain, vocabulary

_PAID, _NOT_PAID = "payée", "non payée"  # statuses that the vocabulary knows
_BEHIND = re.compile(
    r"(?: (?:le|en|par|on|by|ok)\b.*| \d{1,2} \d{1,2}(?: \d{2,4})?)?"
)  # "payé le 12/02", "réglé par chèque"


def flags_as_status(match: Match, rows: Sequence[Sequence[Cell]]) -> tuple[Match, int | None]:
    """Return the match without a column of amounts paid that holds only yes and no, and that column's place.

    It takes the place of a status column where there is none.
    """
    place = match.columns.get("amount_paid")
    if place is None or not _are_flags({row[place] for row in rows}):
        return match, None
    columns = {name: at for name, at in match.columns.items() if name != "amount_paid"}
    return replace(match, columns={"status": place, **columns}), place


def _are_flags(cells: set[Cell]) -> bool:
    """Say whether the cells say yes or no, and not how much."""
    said = {plain(text_of(cell)) for cell in cells if cell != ""} - {""}
    flags, words = vocabulary().groups["flags"], vocabulary().words("status", "paid")
    return bool(said) and said != {"0"} and said <= {*flags["yes"], *flags["no"], *words}


def with_flags(cells: dict[str, list[Cell]], flags: Sequence[Cell]) -> dict[str, list[Cell]]:
    """Return the cells with a status by these flags; where another column has the status, only a yes goes before it."""
    no = vocabulary().words("flags", "no")
    paid = [plain(text_of(cell)) not in no for cell in flags]
    given = cells["status"] if cells.get("status", flags) != flags else [_NOT_PAID] * len(paid)
    return cells | {"status": [_PAID if yes else said for yes, said in zip(paid, given, strict=True)]}


def note_struck(table: Table, lines: Lines, findings: Findings) -> None:
    """Say how many items are struck through: people cross out what is paid, but Relance counts it."""
    place = next(
        (table.match.columns[name] for name in ("open_balance", "amount") if name in table.match.columns), None
    )
    struck = struck_rows(findings.path, table.sheet.name, letter(place)) if place is not None else set()
    items = {table.header_row + 1 + row for row in lines.items.tolist()} & struck if struck else set()
    if items:
        findings.say("ROWS-STRUCK", Severity.WARNING, n=len(items), first=min(items))


def settled_in_words(cells: Mapping[str, list[Cell]], findings: Findings) -> dict[str, list[Cell]]:
    """Return the cells with zero where "payé", "réglé le 12/02" stands for the balance; said by PAID-IN-WORDS."""
    column = cells.get("open_balance", [])
    worded = {cell for cell in set(column) if isinstance(cell, str) and cell[:1].isalpha()}
    settled = {cell for cell in worded if _says_paid(plain(cell))}
    if not settled:
        return dict(cells)
    count = sum(cell in settled for cell in column)
    findings.say("PAID-IN-WORDS", Severity.INFO, n=count, excerpt=min(settled))
    return {**cells, "open_balance": [0.0 if cell in settled else cell for cell in column]}


def _says_paid(text: str) -> bool:
    first, words = text.split(" ", 1)[0], vocabulary().groups["status"]
    return first in words["paid"] and bool(_BEHIND.fullmatch(text[len(first) :])) and not has_word(text, words["part"])
