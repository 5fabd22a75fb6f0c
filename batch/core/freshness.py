"""A ledger and a day → how old its newest entry is, and the Problem that says so when it is too old to be trusted."""

import datetime as dt

import pandas as pd

from batch.core.calendar import stamp
from batch.core.problem import Problem, Severity, Source
from batch.core.records import Ledger

STALE = "STALE-LEDGER"


def newest_entry(ledger: Ledger, day: dt.date) -> dt.date | None:
    """Return the latest issue or payment date up to the end of a day; None when the file holds none.

    Invoices dated ahead say nothing of when the export was made. Nor do due dates: where every item was issued on the day it
    is due, the file has no issue dates, and the due dates only stand in for them.
    """
    items = ledger.items
    entries = [items["paid_on"], ledger.payments["at"]]
    if (items["issued"] != items["due"]).any():
        entries.append(items["issued"])
    days = pd.concat(entries)
    newest = days[days <= stamp(day)].max()
    return newest.date() if isinstance(newest, pd.Timestamp) else None


def staleness(ledger: Ledger, as_of: dt.date, fresh_days: int) -> tuple[Problem, ...]:
    """Return STALE-LEDGER when the newest entry is more than `fresh_days` days before the as-of day; 0 days: never."""
    newest = newest_entry(ledger, as_of) if fresh_days else None
    if newest is None or (as_of - newest).days <= fresh_days:
        return ()
    facts = {"newest": newest, "as_of": as_of, "n": (as_of - newest).days, "limit": fresh_days}
    return (Problem(STALE, Severity.WARNING, Source(ledger.source.file, ledger.source.sheet), facts),)
