"""The table's lines and cells → the items as they are to be typed: customers carried down, one closing date, whole invoices, aged balances."""

from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np

from batch.core.policy import Reading
from batch.core.problem import Problem, Severity
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.table.aged import age_buckets
from batch.ledger.table.carried import carry_customers
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.table.repeated import whole_invoices
from batch.ledger.table.snapshots import nearest_snapshot
from batch.ledger.table.unnamed import numbered
from batch.ledger.values import text_of


@dataclass(frozen=True)
class Arranged:
    """The items to be typed: the table, its lines (a position may come twice), the items' cells by field.

    `dated`: the due days are the items' own; those of an aged balance move with every report and identify nothing. `whole`: no
    item was left aside, so that the file's totals can be compared.
    """

    table: Table
    lines: Lines
    cells: dict[str, list[Cell]]
    dated: bool = True
    whole: bool = True


def arrange(
    book: Book, table: Table, lines: Lines, cells: dict[str, list[Cell]], reading: Reading, findings: Findings
) -> Arranged:
    """Return the items of the ledger; each decision is said."""
    findings.add(table.notes)
    _say_rows_aside(book, table, lines, findings)
    _say_bare_codes(table, cells, findings)
    numbers, noted = numbered(book, table, lines, cells)
    findings.add(noted)
    found = Arranged(table, lines, carry_customers(table, lines, cells, findings))
    if not len(lines.items):
        return found
    if numbers:
        found = replace(found, cells=found.cells | {"invoice_number": numbers})
    source = table.source(book, table.header_row, table.match.columns.get("snapshot_date"))
    taken, day = nearest_snapshot(found.cells, reading, findings, source)
    found = _narrowed(found, taken, findings, whole=bool(taken.all()))
    found = _narrowed(found, whole_invoices(table, found.lines, found.cells, findings), findings, whole=found.whole)
    aged = age_buckets(book, table, found.lines, found.cells, day, reading, findings)
    if aged is None:
        return replace(found, table=replace(table, buckets=()))
    findings.stand(aged.positions)
    return Arranged(aged.table, replace(lines, items=aged.positions), aged.cells, dated=False, whole=found.whole)


def _say_rows_aside(book: Book, table: Table, lines: Lines, findings: Findings) -> None:
    for row in lines.unread:
        excerpt = " | ".join(str(cell) for cell in table.rows_at(row)[: table.own_columns] if cell != "")
        source = replace(table.source(book, table.header_row + 1 + row), excerpt=excerpt[:60])
        findings.add([Problem("LINE-UNREAD", Severity.WARNING, source)])
    if lines.other is not None:
        source = table.source(book, table.header_row + 1 + lines.other)
        findings.say("TABLE-BELOW", Severity.WARNING, source, n=lines.beside - 1)


def _say_bare_codes(table: Table, cells: dict[str, list[Cell]], findings: Findings) -> None:
    """Say when a status is written in figures only (0, 1): nobody can tell which of them means paid."""
    codes = {text_of(cell) for cell in set(cells.get("status", ())) if cell != ""}
    if codes and all(code.isdecimal() for code in codes):
        heading = table.heading("status")
        named = ", ".join(sorted(codes)[:5])
        findings.say("STATUS-CODES", Severity.WARNING, findings.heading("status"), heading=heading, codes=named)


def _narrowed(found: Arranged, taken: np.ndarray, findings: Findings, *, whole: bool) -> Arranged:
    if taken.all():
        return replace(found, whole=whole)
    places = np.flatnonzero(taken)
    findings.narrow(places)
    pick = itemgetter(*places.tolist()) if len(places) > 1 else None
    cells = {
        name: list(pick(column)) if pick else [column[place] for place in places.tolist()]
        for name, column in found.cells.items()
    }
    return replace(found, lines=replace(found.lines, items=found.lines.items[places]), cells=cells, whole=whole)
