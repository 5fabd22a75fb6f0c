"""Rows of an aged balance → items: each filled column of a row is one, aged by the column's nearest day."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Severity
from batch.ledger.cells import amounts
from batch.ledger.files.sheets import Book, Cell
from batch.ledger.table.aged_headings import NOT_DUE
from batch.ledger.table.columns import Match
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.table.lines import Lines
from batch.ledger.table.stated import stated_day
from batch.ledger.values import stripped

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
    the column's nearest day; what is not due falls due after the usual terms. Said by AGED-BALANCE; a row whose own balance
    is not the sum of its columns by AGED-DIFFERS. RelanceError STATED-DAY-MISSING when nothing names the day and no invoice date stands.
    """
    if not table.buckets:
        return None
    day = reading.stated_on or day or _from_titles(book, table, cells, reading)
    if day is None:
        return None
    rows = [table.rows_at(int(position)) for position in lines.items]
    columns = {bucket: stripped([row[bucket.place] for row in rows]) for bucket in table.buckets}
    read = _read({bucket.heading: column for bucket, column in columns.items()}, reading)
    order = sorted(table.buckets, key=lambda bucket: -bucket.days)
    pairs = [(item, bucket) for item in range(len(rows)) for bucket in order if read[bucket.heading][item]]
    _compare(table, cells, read, reading, findings)
    taken = [item for item, _ in pairs]
    found = {name: [column[item] for item in taken] for name, column in cells.items() if name not in _OF_THE_ROW}
    found["open_balance"] = [columns[bucket][item] for item, bucket in pairs]
    found["due_date"] = [_due(day, bucket.days, reading) for _, bucket in pairs]
    issued = found.get("issue_date", [""] * len(pairs))
    # What stands in the balance was issued by its day, also when it is not due.
    found["issue_date"] = [
        cell or min(_due(day, bucket.days, reading), day) for cell, (_, bucket) in zip(issued, pairs, strict=True)
    ]
    numbers = found.get("invoice_number", [""] * len(pairs))
    found["invoice_number"] = [number or bucket.heading for number, (_, bucket) in zip(numbers, pairs, strict=True)]
    findings.say(
        "AGED-BALANCE",
        Severity.WARNING,
        on=day,
        n=len(pairs),
        columns=", ".join(each.heading for each in table.buckets),
    )
    match = Match(dict(table.match.columns) | {"open_balance": table.buckets[0].place})
    return Aged(replace(table, match=match), lines.items[taken], found)


def _from_titles(book: Book, table: Table, cells: dict[str, list[Cell]], reading: Reading) -> dt.date | None:
    day, found = stated_day(table.sheet.rows[: table.header_row - len(table.heading_rows)], reading)
    if day is None and "issue_date" not in cells:
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
    name = next((name for name in ("open_balance", "amount") if name in cells), "")
    if not name or ("issue_date" in cells and name == "amount"):
        return
    decimals, _ = amounts.decide({name: cells[name]}, reading.decimal)
    own = amounts.read_amounts(cells[name], decimals[name])
    summed = np.sum([*read.values()], axis=0)
    differs = np.flatnonzero(own.given & (own.minor != summed))
    if len(differs):
        findings.say(
            "AGED-DIFFERS", Severity.WARNING,
            findings.source_of(int(differs[0]), name, cells[name]), n=len(differs), heading=table.headings[table.match.columns[name]],
            difference=Money(int((own.minor - summed)[differs].sum()), reading.currency),
        )  # fmt: skip
