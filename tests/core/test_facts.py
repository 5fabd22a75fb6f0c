"""Facts about debtors: each threshold with both its sides, and the figures that its sentence shows."""

import dataclasses
from typing import Any

import pandas as pd
import pytest

from batch.core.plan import Plan, make_plan
from tests.core.kit import cents, day, debtor, event, events, item, ledger, policy

TODAY = "2026-11-20"
Rows = list[dict[str, object]]


def plan_of(items: Rows, history: Rows = [], people: Rows = [], payments: Any = (), **more: Any) -> Plan:  # noqa: B006, D103
    steering = dataclasses.replace(policy(), **more)
    return make_plan(ledger(items, people, payments), events(history), steering, day(TODAY).date(), first_run=False)


def facts(plan: Plan, name: str = "D") -> dict[str, dict[str, Any]]:
    """Return the facts about one debtor, by code."""
    mine = plan.evidence[plan.evidence["debtor_id"] == name]
    return mine.set_index("code").to_dict("index")  # type: ignore[return-value]


def paid(delays: tuple[int, ...], amount: float = 100) -> Rows:
    """Return invoices due one a month from January on, each paid so many days late."""
    due = [pd.Timestamp(2026, month, 10) for month in range(1, len(delays) + 1)]
    return [
        item("D", f"P{n}", "2025-12-01", str(on.date()), amount, 0, paid_on=str((on + pd.Timedelta(days=late)).date()))
        for n, (on, late) in enumerate(zip(due, delays, strict=True))
    ]


LATE = item("D", "1", "2026-10-01", "2026-10-31", 1000)
OLD = item("D", "1", "2026-06-01", "2026-07-01", 1000)


@pytest.mark.parametrize(
    ("delays", "growing"),
    [
        ((1, 3, 8), True),  # three are enough, and the last is eight days late
        ((1, 3, 7), False),
        ((1, 8), False),
        ((5, 4, 9, 8, 12), False),  # two of four steps go down
        ((1, 4, 3, 8, 12), True),  # one stray of five
        ((9, 1, 2, 3, 8), False),  # the trend of the last five ends below where it began
        ((40, 1, 2, 3, 4, 8), True),  # what is older than five invoices is forgotten
        ((0, 0, 0, 0, 30), False),  # one late invoice is no trend
    ],
)
def test_delays_that_grow_invoice_after_invoice(delays: tuple[int, ...], growing: bool) -> None:  # noqa: FBT001
    """Over the last five paid invoices, the last the latest and at least eight days late."""
    found = facts(plan_of([*paid(delays), LATE]))
    assert ("delays-growing" in found) == growing
    if growing:
        assert (found["delays-growing"]["n"], found["delays-growing"]["days"]) == (min(len(delays), 5), delays[-1])


@pytest.mark.parametrize(("delays", "shrinking"), [((8, 3, 1), True), ((7, 3, 1), False), ((8, 9, 1), False)])
def test_delays_that_shrink(delays: tuple[int, ...], shrinking: bool) -> None:  # noqa: FBT001
    """From eight days late downwards: the customer is coming back to good ways."""
    assert ("delays-shrinking" in facts(plan_of([*paid(delays), LATE]))) == shrinking


@pytest.mark.parametrize(("since", "years"), [("2024-11-20", 2), ("2024-11-21", None), ("2014-03-01", 12)])
def test_the_age_of_the_relation(since: str, years: int | None) -> None:
    """Two full years, to the day; the figure is full years."""
    found = facts(plan_of([LATE], people=[debtor("D", known_since=since)]))
    assert found.get("long-relation", {}).get("n") == years


@pytest.mark.parametrize(("amount", "times"), [(300, 3), (299.99, None), (1150, 11)])
def test_an_amount_unlike_the_usual_ones(amount: float, times: int | None) -> None:
    """Three invoices of 100 were paid: 300 is three times the usual amount, a cent less is not."""
    found = facts(plan_of([*paid((0, 0, 0)), item("D", "1", "2026-10-01", "2026-10-31", amount)]))
    assert found.get("unusual-amount", {}).get("m") == times
    if times:
        assert (found["unusual-amount"]["amount"], found["unusual-amount"]["currency"]) == (cents(amount), "EUR")


def test_two_paid_invoices_are_no_usual_amount() -> None:
    """Too few to tell what is usual."""
    assert "unusual-amount" not in facts(plan_of([*paid((0, 0)), LATE]))


@pytest.mark.parametrize(
    ("rating", "poor"),
    [("D", True), ("d ", True), ("C", False), ("6/20", True), ("7/20", False), ("3/10", True), ("2,5 / 10", True),
     ("Risque élevé", True), ("RISQUE ELEVE", True), ("A+", False), ("", False)],
)  # fmt: skip
def test_a_poor_rating(rating: str, poor: bool) -> None:  # noqa: FBT001
    """One of the settings' poor ratings, or a mark of at most three tenths of the best."""
    found = facts(plan_of([LATE], people=[debtor("D", rating=rating)]))
    assert ("poor-rating" in found) == poor


def test_what_is_poor_is_a_setting() -> None:
    """The Banque de France's 7 is poor where the settings say so."""
    people = [debtor("D", rating="7")]
    assert "poor-rating" not in facts(plan_of([LATE], people=people))
    assert "poor-rating" in facts(plan_of([LATE], people=people, poor_ratings=("7", "8", "P")))


@pytest.mark.parametrize(
    ("rating", "over"),
    [("plafond 1 000 €", None), ("Plafond 999,99", cents(0.01)), ("B, limite : 900.00 EUR", cents(100)),
     ("credit limit 0.5k", cents(500)), ("encours max 1k€", None), ("900", None)],
)  # fmt: skip
def test_a_credit_limit_that_is_passed(rating: str, over: int | None) -> None:
    """1,000 are open: a limit of 1,000 is kept, one of 900 is passed by 100; a bare number is a rating, no limit."""
    found = facts(plan_of([LATE], people=[debtor("D", rating=rating)]))
    assert found.get("credit-limit-passed", {}).get("amount") == over


def test_credits_count_against_the_limit() -> None:
    """1,000 open less a credit of 200 is under a limit of 900."""
    people = [debtor("D", rating="plafond 900")]
    rows = [LATE, item("D", "A", "2026-11-01", "2026-11-01", -200)]
    assert "credit-limit-passed" not in facts(plan_of(rows, people=people))


PLAN = [
    event("2026-09-01", "D", "plan_agreed", until="2026-12-31"),
    event("2026-09-01", "D", "instalment", amount=cents(300), until="2026-10-01"),
    event("2026-09-01", "D", "instalment", amount=cents(300), until="2026-11-02"),
]


@pytest.mark.parametrize(
    ("came", "missed"),
    [
        ([("1", "2026-10-01", 300.0), ("1", "2026-11-02", 300.0)], None),
        ([("1", "2026-10-06", 300.0), ("1", "2026-11-05", 300.0)], None),  # three business days of grace
        ([("1", "2026-10-07", 300.0), ("1", "2026-11-05", 300.0)], 1),  # a day too late: once
        ([("1", "2026-09-15", 600.0)], None),  # early and in one sum
        ([("1", "2026-10-01", 300.0)], 1),
        ([("1", "2026-08-31", 600.0)], 2),  # before the plan: not part of it
        ([], 2),
    ],
)
def test_an_instalment_missed(came: list[tuple[str, str, float]], missed: int | None) -> None:
    """Two of 300 were agreed, due on 1 October and 2 November: what came by then, days of grace included, counts."""
    left = 1000 - sum(amount for *_, amount in came)
    rows = [item("D", "1", "2026-06-01", "2026-07-01", 1000, left)]
    found = facts(plan_of(rows, PLAN, payments=came))
    assert found.get("instalment-missed", {}).get("n") == missed


def test_a_cancelled_plan_has_no_instalments() -> None:
    """Nothing is missed of a plan that both gave up."""
    assert "instalment-missed" not in facts(plan_of([OLD], [*PLAN, event("2026-09-20", "D", "plan_cancelled")]))


@pytest.mark.parametrize(
    ("raised", "period", "late"),
    [("2026-10-12", 0, False), ("2026-10-12", 11, False), ("2026-10-12", 10, True)],
)
def test_a_dispute_after_the_time_to_contest(raised: str, period: int, late: bool) -> None:  # noqa: FBT001
    """Issued on 1 October and disputed on the 12th: eleven days; without a period it is never too late."""
    plan = plan_of([LATE], [event(raised, "D", "disputed", "1")], contestation_days=period)
    assert ("late-dispute" in facts(plan)) == late


@pytest.mark.parametrize(
    ("raised", "number", "late"),
    [("2026-11-10", "1", False), ("2026-11-11", "1", True), ("2026-11-11", "", True), ("2026-11-11", "2", False)],
)
def test_a_dispute_after_the_formal_notice(raised: str, number: str, late: bool) -> None:  # noqa: FBT001
    """The notice about invoice 1 left on the 10th; what is said of another invoice is not late."""
    rows = [OLD, item("D", "2", "2026-09-01", "2026-10-01", 50)]
    history = [
        event("2026-11-10", "D", "sent", "1", "formal_notice"),
        event(raised, "D", "replied", number, note="nous contestons la facture"),
    ]
    assert ("late-dispute" in facts(plan_of(rows, history))) == late


@pytest.mark.parametrize(("announced", "held"), [("2026-11-10", True), ("2026-11-11", False)])
def test_a_cheque_announced_ten_days_ago(announced: str, held: bool) -> None:  # noqa: FBT001
    """Nothing came for ten days, inclusive."""
    history = [event(announced, "D", "replied", "1", note="le chèque est parti")]
    assert ("cheque-not-received" in facts(plan_of([OLD], history))) == held


@pytest.mark.parametrize("note", ["prélèvement rejeté", "chèque impayé", "cheque returned"])
def test_rejected_payments(note: str) -> None:
    """A comment is enough."""
    assert "debit-rejected" in facts(plan_of([item("D", "1", "2026-10-01", "2026-10-31", 1000, note=note)]))


def test_what_was_said_of_an_invoice_paid_since_is_over() -> None:
    """Time asked for in spring, for an invoice that was paid, says nothing about the one open now."""
    asked = [event("2026-01-20", "D", "replied", note="pouvez-vous nous accorder un délai ?")]
    assert "asks-time" not in facts(plan_of([*paid((20,)), LATE], asked))
    assert "asks-time" in facts(plan_of([*paid((20,)), item("D", "0", "2026-01-02", "2026-02-01", 10), LATE], asked))


def test_a_promise_of_long_ago_does_not_acknowledge_a_later_invoice() -> None:
    """A promise that names no invoice speaks of those due by then; today's invoice may still be lost."""
    history = [event("2026-02-01", "D", "promised", until="2026-02-10"), event("2026-11-05", "D", "bounced")]
    assert "bounced" in facts(plan_of([*paid((20,)), LATE], history))
    assert "bounced" not in facts(
        plan_of([LATE], [event("2026-11-02", "D", "promised", until="2026-11-30"), history[1]])
    )
