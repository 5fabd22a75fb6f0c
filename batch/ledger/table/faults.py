"""The cells of the table found → those that are in error, uncalculated or out of their column: never a customer, never a wrong amount."""

from collections.abc import Mapping

import numpy as np

from batch.core.problem import RelanceError, Severity
from batch.ledger.files.book import CSV, Book, Cell
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.vocabulary import plain, vocabulary

# What spreadsheets show for a cell in error, English and French; in columns of money and days they are unreadable of themselves.
ERRORS = frozenset(
    {
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!",
        "#VALEUR!", "#NOM?", "#NUL!", "#NOMBRE!",
    }
)  # fmt: skip
_WHO = ("customer_id", "customer_name", "invoice_number")


def nobody_in_error(cells: Mapping[str, list[Cell]]) -> dict[str, list[Cell]]:
    """Return the columns with errors taken out of numbers and names: #N/A is no customer, and two of them are not the same one."""
    return {
        name: [("" if cell in ERRORS else cell) for cell in column]
        if name in _WHO and not ERRORS.isdisjoint(column)
        else column
        for name, column in cells.items()
    }


def refuse_uncalculated(book: Book, table: Table) -> None:
    """Refuse a table in whose columns formulas stand without their results; totals aside. RelanceError NOT-CALCULATED."""
    found = [
        (row, place)
        for place in table.match.columns.values()
        for row in table.sheet.uncalculated.get(place, ())
        if row > table.header_row and _counts(table, row)
    ]
    if found:
        row, place = min(found)
        raise RelanceError("NOT-CALCULATED", table.source(book, row, place), n=len(found))


def _counts(table: Table, row: int) -> bool:
    """Say whether a row with a formula is one of the table's: something else stands in it, and it is no total."""
    cells = table.rows_at(row - table.header_row - 1) if row <= len(table.sheet.rows) else []
    filled = [cells[place] for place in table.match.columns.values() if cells and cells[place] != ""]
    starts = tuple(vocabulary().words("totals", "begin"))
    return bool(filled) and not any(plain(cell).startswith(starts) for cell in cells if isinstance(cell, str) and cell)


def shifted_rows(book: Book, table: Table, lines: Lines, findings: Findings) -> np.ndarray:
    """Find the items of a text file that reach beyond the headings (ROW-SHIFTED): a separator stands in a text and moved the rest.

    Where most rows do, it is a column without a heading.
    """
    found = np.zeros(len(lines.items), dtype=bool)
    width = max((place + 1 for place, heading in enumerate(table.headings) if heading), default=0)
    if book.kind != CSV or width == len(table.headings):
        return found
    found[:] = [any(cell != "" for cell in table.rows_at(row)[width:]) for row in lines.items.tolist()]
    if 2 * found.sum() >= len(found):
        found[:] = False
    findings.cells("ROW-SHIFTED", Severity.ERROR, "", np.flatnonzero(found).tolist(), [])
    return found
