"""Items of several closing dates in one table → those of the last one up to the as-of date."""

import datetime as dt

import numpy as np

from batch.core.policy import Reading
from batch.core.problem import RelanceError, Severity, Source
from batch.ledger.cells import dates
from batch.ledger.files.sheets import Cell
from batch.ledger.table.columns import DAY_FIELDS
from batch.ledger.table.findings import Findings
from batch.ledger.vocabulary import heading_keys, vocabulary

FIELD = "snapshot_date"
_ITEM = ("customer_id", "customer_name", "invoice_number", "due_date", "issue_date")


def nearest_snapshot(
    cells: dict[str, list[Cell]], reading: Reading, findings: Findings, source: Source
) -> tuple[np.ndarray, dt.date | None]:
    """Return which items are of the last closing date up to reading.as_of (the newest without one), and that date.

    Where the table names one date only, or none, all items stay. Said by SNAPSHOTS; rows whose date is blank or unreadable are
    left out, each with a Problem. RelanceError SNAPSHOTS-LATER when all dates lie after the as-of date.
    """
    column = cells.get(FIELD, [])
    every = np.ones(len(column), dtype=bool)
    if not column:
        return every, None
    days = _read(cells, reading)
    known = np.unique(days[~np.isnat(days)])
    if not len(known):
        return every, None
    if len(known) == 1 and not np.isnat(days).any():
        return every, known[0].item()
    if len(known) == 1 or not (_is_sure(source.heading) or _recurs(cells, days)):
        return every, None
    allowed = known if reading.as_of is None else known[known <= np.datetime64(reading.as_of)]
    if not len(allowed):
        raise RelanceError("SNAPSHOTS-LATER", source, first=known[0].item(), as_of=reading.as_of)
    taken = days == allowed[-1]
    blank = np.flatnonzero(np.isnat(days)).tolist()
    findings.cells("SNAPSHOT-UNREADABLE", Severity.ERROR, FIELD, blank, column)
    findings.say(
        "SNAPSHOTS", Severity.WARNING, source, dates=len(known), taken=allowed[-1].item(), n=int(taken.sum()),
        aside=int(len(column) - taken.sum() - len(blank)),
    )  # fmt: skip
    return taken, allowed[-1].item()


def _is_sure(heading: str) -> bool:
    """Say whether a heading can mean nothing else; a "closing date" may be that of each invoice."""
    return any((0, FIELD) in vocabulary().claims.get(key, ()) for key in heading_keys(heading))


def _recurs(cells: dict[str, list[Cell]], days: np.ndarray) -> bool:
    """Say whether an item stands under several dates, as in stacked reports."""
    keys = zip(*(cells[name] for name in _ITEM if name in cells), strict=True)
    first: dict[tuple[Cell, ...], np.datetime64] = {}
    return any(
        first.setdefault(key, day) != day for key, day in zip(keys, days.tolist(), strict=True) if day is not None
    )


def _read(cells: dict[str, list[Cell]], reading: Reading) -> np.ndarray:
    """Read the closing dates in the order of day and month that they and the other day columns allow."""
    columns = {name: cells[name] for name in (*DAY_FIELDS, FIELD) if name in cells}
    orders, _ = dates.decide(columns, reading.date_order, reading.country)
    found: np.ndarray = dates.read_days(cells[FIELD], orders[FIELD]).day.astype("datetime64[D]")
    return found
