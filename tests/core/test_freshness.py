"""How old a ledger is: both sides of the limit, and what does not count as an entry."""

import datetime as dt
from dataclasses import replace

import pytest

from batch.core.freshness import newest_entry, staleness
from batch.core.plan import make_plan
from batch.core.problem import Problem, Severity
from tests.core.kit import events, item, ledger, policy

AS_OF = dt.date(2026, 11, 20)
ONE = ledger([item("A", "F1", "2026-11-09", "2026-12-09", 100)])


@pytest.mark.parametrize(("as_of", "stale"), [("2026-11-19", False), ("2026-11-20", True)])
def test_both_sides_of_ten_days(as_of: str, stale: bool) -> None:  # noqa: FBT001  a case of the table
    """Ten days old is fresh, eleven is not; the Problem says the day and the age."""
    found = staleness(ONE, dt.date.fromisoformat(as_of), 10)
    assert [(problem.code, problem.facts["newest"], problem.facts["n"]) for problem in found] == (
        [("STALE-LEDGER", dt.date(2026, 11, 9), 11)] if stale else []
    )


def test_off() -> None:
    """Zero days switches it off."""
    assert staleness(ONE, dt.date(2030, 1, 1), 0) == ()


def test_a_payment_is_an_entry() -> None:
    """An old invoice that was paid, in full or in part, last week makes the ledger a fresh one."""
    old = item("A", "F1", "2026-08-01", "2026-08-31", 100, 0, paid_on="2026-11-12")
    assert newest_entry(ledger([old]), AS_OF) == dt.date(2026, 11, 12)
    part = ledger([item("A", "F1", "2026-08-01", "2026-08-31", 100, 40)], payments=[("F1", "2026-11-13", 60)])
    assert newest_entry(part, AS_OF) == dt.date(2026, 11, 13)


def test_invoices_dated_ahead_do_not_make_it_fresh() -> None:
    """A subscription invoiced for next year says nothing of when the export was made; nor does a day after a past as-of."""
    ahead = ledger([item("A", "F1", "2026-09-01", "2026-10-01", 100), item("A", "F2", "2027-01-01", "2027-01-31", 100)])
    assert newest_entry(ahead, AS_OF) == dt.date(2026, 9, 1)
    assert newest_entry(ahead, dt.date(2026, 8, 1)) is None
    assert staleness(ahead, dt.date(2026, 8, 1), 10) == ()


def test_due_dates_are_no_entries() -> None:
    """Without issue dates the due dates stand in for them, and of their age nothing follows."""
    assert staleness(ledger([item("A", "F1", "2026-01-31", "2026-01-31", 100)]), AS_OF, 10) == ()


def test_it_comes_first_in_the_plan() -> None:
    """Before every other problem."""
    other = Problem("NO-ROWS", Severity.WARNING)
    plan = make_plan(replace(ONE, problems=(other,)), events([]), policy(), AS_OF, first_run=True)
    assert [problem.code for problem in plan.problems] == ["STALE-LEDGER", "NO-ROWS"]
