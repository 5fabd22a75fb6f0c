"""Rows of an aged balance → items: each filled column of a row is one, aged by the column's nearest day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Severity, Source
from batch.ledger.cells import amounts
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.table.aged_headings import NOT_DUE
from batch.ledger.table.columns import Match
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.table.stated import stated_day
from batch.ledger.values import stripped

_OWN = ("open_balance", "amount")  # a row's balance beside its columns
_OF_THE_ROW = ("amount", "amount_paid", "payment_date", "open_balance")  # said once for a row, not for its columns


@dataclass(frozen=True)
class Aged:
    """The table with its balance in the columns, the items' positions (a row comes once for each filled column) and cells."""

    table: Table
    positions: np.ndarray
    cells: dict[str, list[Cell]]


def age_buckets(
    book: Book, table: Table, lines: Lines, cells: dict[str, list[Cell]], day: dt.date | None, reading: Reading, findings: Findings
) -> Aged | None:  # fmt: skip
    """Return an item for each filled column of an aged balance; None when the table is none.

    `day` is when the balance was drawn up, where a column says it; else relance.toml or the titles do. Due is that day less
    the column's nearest day, unless a row has a due day of its own; what is not due falls due after the usual terms. Said by AGED-BALANCE; a row whose own balance
    is not the sum of its columns by AGED-DIFFERS. RelanceError STATED-DAY-MISSING when nothing names the day and no invoice date stands.
    """
    if not table.buckets:
        return None
    own = cells.get("due_date", [""] * len(lines.items))
    day = reading.stated_on or day or (_from_titles(book, table, cells, reading) if "" in own else None)
    if day is None and "" in own:
        return None
    rows = [table.rows_at(int(position)) for position in lines.items]
    columns = {bucket: stripped([row[bucket.place] for row in rows]) for bucket in table.buckets}
    read = _read({bucket.heading: column for bucket, column in columns.items()}, reading)
    order = sorted(table.buckets, key=lambda bucket: -bucket.days)
    pairs = [(item, bucket) for item in range(len(rows)) for bucket in order if read[bucket.heading][item]]
    _compare(table, cells, read, reading, findings)
    if table.detailed:
        _compare_lines(book, table, lines, reading, findings)
    taken = [item for item, _ in pairs]
    found = {name: [column[item] for item in taken] for name, column in cells.items() if name not in _OF_THE_ROW}
    found["open_balance"] = [columns[bucket][item] for item, bucket in pairs]
    found |= _days(found, day, [bucket.days for _, bucket in pairs], reading) if day else {}
    numbers = found.get("invoice_number", [""] * len(pairs))
    found["invoice_number"] = [number or bucket.heading for number, (_, bucket) in zip(numbers, pairs, strict=True)]
    if counted := sum(own[item] == "" for item in taken):
        names = ", ".join(each.heading for each in table.buckets)
        findings.say("AGED-BALANCE", Severity.WARNING, on=day, n=counted, columns=names)
    match = Match(dict(table.match.columns) | {"open_balance": table.buckets[0].place})
    return Aged(replace(table, match=match), lines.items[taken], found)


def _days(
    found: Mapping[str, list[Cell]], day: dt.date, late: Sequence[int], reading: Reading
) -> dict[str, list[Cell]]:
    """Return the due and issue days of the items, those that the file does not give counted from the days late of their columns."""
    none: list[Cell] = [""] * len(late)
    by_column = [_due(day, each, reading) for each in late]
    rows = [*zip(found.get("issue_date", none), found.get("due_date", none), by_column, strict=True)]
    # What stands in the balance was issued by its day, also when it is not due.
    issued = [issue or ("" if due else min(computed, day)) for issue, due, computed in rows]
    return {"due_date": [due or computed for _, due, computed in rows], "issue_date": issued}


def _from_titles(book: Book, table: Table, cells: dict[str, list[Cell]], reading: Reading) -> dt.date | None:
    day, found = stated_day(table.sheet.rows[: table.header_row - len(table.heading_rows)], reading)
    if day is None and (table.detailed or "issue_date" not in cells):
        source = table.source(book, table.header_row)
        raise RelanceError("STATED-DAY-MISSING", source, found=", ".join(each.isoformat() for each in found))
    return day


def _due(day: dt.date, late: int, reading: Reading) -> dt.date:
    return day + dt.timedelta(days=reading.terms_days) if late == NOT_DUE else day - dt.timedelta(days=late)


def _read(columns: dict[str, list[Cell]], reading: Reading) -> dict[str, np.ndarray]:
    """Return each column's amounts, to see which are filled and whether they add up; what cannot be read counts as filled."""
    decimals, _ = amounts.decide(columns, reading.decimal)
    found = {}
    for name, column in columns.items():
        read = amounts.read_amounts(column, decimals[name])
        read.minor[list(read.unreadable)] = 1
        found[name] = read.minor
    return found


def _compare(
    table: Table, cells: dict[str, list[Cell]], read: dict[str, np.ndarray], reading: Reading, findings: Findings
) -> None:
    """Compare each row's own balance with the sum of its columns."""
    name = next((name for name in _OWN if name in cells), "")
    if not name or ("issue_date" in cells and name == "amount"):
        return
    away = _away(cells[name], read, reading)
    if len(differs := np.flatnonzero(away)):
        item = int(differs[0])
        _say_differs(table, name, findings.place(name, item, cells[name][item]), away, reading, findings)


def _compare_lines(book: Book, table: Table, lines: Lines, reading: Reading, findings: Findings) -> None:
    """Compare the balance on each customer's line with the sum of that line's columns: one of them may not be recognised."""
    name = next((name for name in _OWN if name in table.match.columns), "")
    places = [group.position for group in lines.groups.lines]
    if not name or not places:
        return
    rows = [table.rows_at(place) for place in places]
    read = _read({each.heading: stripped([row[each.place] for row in rows]) for each in table.buckets}, reading)
    column = table.match.columns[name]
    away = _away(stripped([row[column] for row in rows]), read, reading)
    if len(differs := np.flatnonzero(away)):
        line = int(differs[0])
        source = table.source(book, table.header_row + 1 + places[line], column, rows[line][column])
        _say_differs(table, name, source, away, reading, findings)


def _away(own: list[Cell], read: dict[str, np.ndarray], reading: Reading) -> np.ndarray:
    """Return how far each balance is from the sum of its columns; 0 where none is given."""
    decimals, _ = amounts.decide({"own": own}, reading.decimal)
    balance = amounts.read_amounts(own, decimals["own"])
    away: np.ndarray = np.where(balance.given, balance.minor - np.sum([*read.values()], axis=0), 0)
    return away


def _say_differs(
    table: Table, name: str, source: Source, away: np.ndarray, reading: Reading, findings: Findings
) -> None:
    heading = table.heading(name)
    difference = Money(int(away.sum()), reading.currency)
    n = int(np.count_nonzero(away))
    findings.say("AGED-DIFFERS", Severity.WARNING, source, n=n, heading=heading, difference=difference)
