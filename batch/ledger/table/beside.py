"""A heading row that spans several tables side by side → the one that is the ledger, or a refusal that names them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from batch.core.problem import Problem, RelanceError, Severity
from batch.ledger.files.sheets import Book
from batch.ledger.table.aged_headings import find_buckets
from batch.ledger.table.columns import MONEY_FIELDS, letter, match_headings
from batch.ledger.table.header import Table


def ledger_beside_others(book: Book, table: Table, named: Mapping[str, str]) -> Table:
    """Return the table narrowed to its own columns when wholly empty columns part it from another table with amounts.

    Said by TABLE-BESIDE. Columns behind an empty one that hold no amounts belong to the ledger (comments, addresses).
    RelanceError TABLES-BESIDE when two of them could be the ledger.
    """
    blocks = _blocks(table)
    if len(blocks) < 2 or named:  # noqa: PLR2004  one block stands beside nothing
        return table
    parts = {block: _part(table, block) for block in blocks}
    whole = [block for block, part in parts.items() if not part.missing]
    if not whole:
        return table
    source = table.source(book, table.header_row)
    if len(whole) > 1:
        raise RelanceError("TABLES-BESIDE", source, found=", ".join(map(_letters, whole)))
    own = whole[0]
    others = [
        block
        for block in blocks
        if block != own and (parts[block].buckets or parts[block].match.columns.keys() & set(MONEY_FIELDS))
    ]
    if not others:
        return table
    left = {place for first, last in others for place in range(first, last + 1)}
    note = Problem(
        "TABLE-BESIDE", Severity.WARNING, source, {"own": _letters(own), "others": ", ".join(map(_letters, others))}
    )
    kept = tuple("" if place in left else text for place, text in enumerate(table.headings))
    return replace(_with(table, kept), notes=(*table.notes, note))


def _letters(block: tuple[int, int]) -> str:
    return f"{letter(block[0])}–{letter(block[1])}"


def _blocks(table: Table) -> list[tuple[int, int]]:
    """Return first and last column of each stretch of headings; an empty heading over cells does not part them."""
    blocks: list[tuple[int, int]] = []
    start = None
    width = table.own_columns
    for place in range(width + 1):
        inside = place < width and (table.headings[place] != "" or (start is not None and _holds(table, place)))
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            blocks.append((start, place - 1))
            start = None
    return blocks


def _holds(table: Table, place: int) -> bool:
    """Say whether a column without heading holds anything; one behind the last heading needs no look."""
    if not any(table.headings[place:]):
        return False
    return any(row[place] != "" for row in table.rows)


def _part(table: Table, block: tuple[int, int]) -> Table:
    first, last = block
    return _with(table, tuple(text if first <= place <= last else "" for place, text in enumerate(table.headings)))


def _with(table: Table, headings: Sequence[str]) -> Table:
    """Return the table with the fields of these headings only."""
    match = match_headings(headings, {})
    buckets = () if "due_date" in match.columns else find_buckets(headings, list(match.columns.values()))
    return replace(table, match=match, buckets=buckets)
