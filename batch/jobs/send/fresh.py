"""`relance send --ledger`: an export made after the review → the ledger of today, refused where it is not a later one of the same."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from batch import ledger
from batch.core.calendar import stamp
from batch.core.freshness import newest_entry
from batch.core.plan import Plan
from batch.core.problem import Problem, RelanceError, Severity, Source
from batch.core.records import Ledger
from batch.core.settled import with_disappeared
from batch.jobs.send.reviewed import Opened, Past, open_in, snapshots_for
from batch.journal import Journal
from batch.report import Sending

# What an invoice is known by and what it comes to: an export without one of these that the reviewed one had is another report.
ESSENTIAL = (
    "customer_id",
    "customer_name",
    "invoice_number",
    "due_date",
    "issue_date",
    "open_balance",
    "amount",
    "debit",
    "credit",
)


def read_fresh(path: Path, book: Opened, today: dt.date, *, accepted: bool) -> Ledger:
    """Return the fresh ledger; RelanceError FRESH-… when it cannot be a later export of the workbook's.

    With `accepted` an export that is the same as the reviewed one, or seems older, is taken at the user's word.
    """
    source = Source(file=path.name)
    understood = ledger.read(ledger.open_book(path), replace(book.chosen.reading, as_of=today))
    _refuse_another(understood, book, source)
    if not accepted:
        _refuse_older(understood, book, today, source)
    return understood


def _refuse_another(understood: Ledger, book: Opened, source: Source) -> None:
    """Refuse an export of another kind, or one that holds none of the invoices."""
    had, has = ({field for field, *_ in one.source.columns} for one in (book.ledger, understood))
    lacking = [heading for field, _, heading in book.ledger.source.columns if field in ESSENTIAL and field in had - has]
    if lacking:
        raise RelanceError("FRESH-FORMAT", source, columns=lacking)
    wanted = book.ledger.items[book.ledger.items["open"] != 0]
    numbers = pd.MultiIndex.from_frame(understood.items[["debtor_id", "number"]])
    if len(wanted) and not pd.MultiIndex.from_frame(wanted[["debtor_id", "number"]]).isin(numbers).any():
        raise RelanceError("FRESH-FOREIGN", source, n=len(wanted))


def _refuse_older(understood: Ledger, book: Opened, today: dt.date, source: Source) -> None:
    if understood.source.sha256 == book.about.ledger_sha256:
        raise RelanceError("FRESH-SAME", source, as_of=book.about.as_of)
    before, newest = newest_entry(book.ledger, book.about.as_of), newest_entry(understood, today)
    if before and newest and newest < before:
        raise RelanceError("FRESH-OLDER", source, newest=newest, before=before)


def of_today(fresh: Ledger, past: Past, journal: Journal, today: dt.date) -> Ledger:
    """Return the fresh ledger with what it has lost since the earlier exports, the reviewed one among them, as settled."""
    known = snapshots_for(fresh, journal)
    own = stamp(past.shown.as_of)
    seen = pd.concat([known[known["as_of"] != own], open_in(past.shown)], ignore_index=True)
    return with_disappeared(fresh, seen, today)


def unread(fresh: Ledger) -> list[Problem]:
    """Return what could not be read of the fresh ledger: its rows count as gone."""
    return [problem for problem in fresh.problems if problem.severity is Severity.ERROR]


def other_addresses(shown: Plan, now: Plan, leaving: Iterable[Sending]) -> list[Problem]:
    """Return FRESH-ADDRESS for each mail that leaves to the reviewed address where the fresh ledger has another one."""
    was, has = (plan.ledger.debtors.set_index("debtor_id")["email"].to_dict() for plan in (shown, now))
    source = Source(file=now.ledger.source.file)
    return [
        Problem("FRESH-ADDRESS", Severity.WARNING, source, {"debtor_id": one, "was": was[one], "now": has[one]})
        for one, address in dict.fromkeys((row.debtor_id, row.email) for row in leaving)
        if has.get(one) and address == was.get(one) != has[one]
    ]
