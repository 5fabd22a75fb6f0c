"""What of a reviewed mail is no longer true in a fresher ledger."""

from functools import cache

import pytest

from batch.core.overtaken import overtaken
from batch.core.plan import Plan, make_plan
from tests.core.kit import cents, day, events, item, ledger, policy

F1 = item("D", "1", "2026-09-20", "2026-10-20", 300)
F2 = item("D", "2", "2026-11-02", "2026-12-02", 50)
CREDIT = item("D", "A1", "2026-11-01", "2026-11-01", -40)
OTHER = item("E", "9", "2026-09-20", "2026-10-20", 70)
SETTLED = item("E", "8", "2026-08-20", "2026-09-20", 70, 0, paid_on="2026-09-20")  # makes it no export of open items
REVIEWED = [F1, F2, CREDIT, OTHER]


def plan(items: list[dict[str, object]], as_of: str = "2026-11-26") -> Plan:
    """Return the plan of a day."""
    return make_plan(ledger(items), events([]), policy(), day(as_of).date(), first_run=False)


@cache
def shown() -> Plan:
    """Return the plan that was reviewed on 19 November."""
    return plan(REVIEWED, "2026-11-19")


def changes(items: list[dict[str, object]]) -> list[tuple[object, ...]]:
    """Return account, code, number, was and now of what changed since 19 November."""
    found = overtaken(shown(), plan(items))
    columns = ["debtor_id", "code", "number", "was", "now"]
    return list(found[columns].itertuples(index=False, name=None))


def test_nothing_changed() -> None:
    """A week later the same items are open: the mail is as true as before; so it is with one more invoice."""
    assert changes(REVIEWED) == []
    assert changes([*REVIEWED, item("D", "3", "2026-11-20", "2026-12-20", 500)]) == []


@pytest.mark.parametrize(
    ("first", "code", "now"),
    [
        (F1 | {"open": cents(120)}, "part-paid", cents(120)),
        (F1 | {"open": 0, "paid_on": day("2026-11-24")}, "paid", 0),
        (F1 | {"open": cents(310)}, "raised", cents(310)),
        (F1 | {"disputed": True}, "disputed", cents(300)),
        (F1 | {"item_id": "D|invoice|1|2026-11-20|1", "due": day("2026-11-20")}, "moved", 0),
        (F1 | {"currency": "USD"}, "moved", cents(300)),
    ],
)
def test_an_invoice_changed(first: dict[str, object], code: str, now: int) -> None:
    """Each kind of change is told with what was open then and what is now."""
    assert changes([first, F2, CREDIT, OTHER, SETTLED]) == [("D", code, "1", cents(300), now)]


def test_an_invoice_that_is_not_due_counts_too() -> None:
    """The mail lists it as coming: once settled, it no longer is."""
    assert changes([F1, CREDIT, OTHER]) == [("D", "paid", "2", cents(50), 0)]


def test_missing_from_a_fuller_export() -> None:
    """Where settled invoices stay in the file, one that is missing was not paid: it is gone."""
    assert changes([F2, CREDIT, OTHER, SETTLED]) == [("D", "gone", "1", cents(300), 0)]


def test_credits() -> None:
    """A credit that nobody saw, one that was used up, one that grew."""
    new = item("E", "A2", "2026-11-24", "2026-11-24", -10)
    assert changes([*REVIEWED, new]) == [("E", "credit-new", "A2", 0, cents(-10))]
    assert changes([F1, F2, OTHER]) == [("D", "credit-changed", "A1", cents(-40), 0)]
    grown = CREDIT | {"open": cents(-45)}
    assert changes([F1, F2, grown, OTHER]) == [("D", "credit-changed", "A1", cents(-40), cents(-45))]


def test_accounts_without_a_step_are_not_told() -> None:
    """What changes for a customer to whom nothing would be sent concerns no mail."""
    quiet = item("Q", "5", "2026-11-10", "2026-12-30", 80)
    found = overtaken(plan([F1, quiet], "2026-11-19"), plan([F1]))
    assert found.empty
