"""What must hold of every judgement: order, neighbours, kept promises and credits, and the passing of a week."""

import dataclasses
import datetime as dt
import random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.classify import JUDGED
from batch.core.plan import Plan, make_plan
from tests.core.kit import event, events, item, ledger, policy
from tests.stories.test_stories import STORIES, plan_of_stories

TODAY, NEXT_WEEK = dt.date(2026, 11, 20), dt.date(2026, 11, 27)
PAST = st.dates(dt.date(2026, 5, 1), TODAY)
NOTES = ["", "", "litige", "RJ", "échéancier accordé", "chèque non reçu", "promesse non tenue"]
ANSWERS = ["", "nous n'avons pas reçu la facture", "le chèque est parti", "pouvez-vous nous accorder un délai ?",
           "nous contestons", "trésorerie tendue"]  # fmt: skip
KINDS = [
    "sent",
    "sent",
    "sent",
    "promised",
    "promised",
    "bounced",
    "replied",
    "called",
    "disputed",
    "plan_agreed",
    "debit_rejected",
]
STEPS = ["reminder_1", "reminder_2", "formal_notice", "resend_invoice"]
HARDNESS = {"current": 0} | {standing: rank for rank, standing in enumerate(JUDGED, 1)}

# Facts about one set of overdue invoices that days alone bring or take away, and by which threshold.
BY_DAYS = {
    "promise-broken": "the promised day and its grace passed",
    "promise-running": "the same",
    "plan-agreed": "the plan's end passed",
    "cheque-not-received": "ten days passed",
    "silence-after-notice": "eight days passed",
    "orders-while-late": "an invoice became thirty days late",
    "instalment-missed": "an instalment's day and its grace passed",
    "long-relation": "another year passed",
}
Rows = list[dict[str, object]]


@st.composite
def rows(draw: st.DrawFn) -> Rows:
    """Draw up to ten invoices of three debtors, paid, open or paid in part, all in the past."""
    found = []
    for number in range(draw(st.integers(2, 10))):
        issued = draw(PAST)
        amount, left = draw(st.sampled_from([(300, 0), (300, 300), (1000, 0), (1000, 1000), (1000, 600)]))
        paid = {} if left else {"paid_on": draw(st.dates(issued, TODAY)).isoformat()}
        due = (issued + dt.timedelta(days=draw(st.sampled_from([0, 30])))).isoformat()
        found.append(item(draw(st.sampled_from("DEF")), str(number), issued.isoformat(), due, amount, left,
                          note=draw(st.sampled_from(NOTES)), currency=draw(st.sampled_from(["EUR", "EUR", "USD"])),
                          sent_on=draw(st.sampled_from(["", issued.isoformat()])), **paid))  # fmt: skip
    return found


@st.composite
def histories(draw: st.DrawFn) -> Rows:
    """Draw up to eight events of the past."""
    found = []
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from(KINDS))
        more = {"until": draw(PAST).isoformat()} if kind in {"promised", "plan_agreed"} else {}
        note = draw(st.sampled_from(ANSWERS)) if kind in {"replied", "called"} else ""
        found.append(event(draw(PAST).isoformat(), draw(st.sampled_from("DEF")), kind, draw(st.sampled_from(["", *"0123456789"])),
                           draw(st.sampled_from(STEPS)) if kind == "sent" else "", note=note, **more))  # fmt: skip
    return found


def plan_of(items: Rows, history: Rows, as_of: dt.date = TODAY) -> Plan:
    """Return the plan of these rows, the ledger having a column for the day on which invoices were sent."""
    read = ledger(items)
    source = dataclasses.replace(read.source, columns=(("sent_on", "F", "Envoyée le"),))
    return make_plan(dataclasses.replace(read, source=source), events(history), policy(), as_of, first_run=False)


def hardness(plan: Plan) -> dict[str, int]:
    """Return how hard each debtor's standing is; a standing that something else decides is left out."""
    pairs = plan.standings[["debtor_id", "standing"]].itertuples(index=False)
    return {debtor: HARDNESS[standing] for debtor, standing in pairs if standing in HARDNESS}


@settings(max_examples=6, deadline=None)
@given(rows(), histories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(items: Rows, history: Rows, chance: random.Random) -> None:
    """The same ledger in another order: the same facts, figures, standings and reasons."""
    shuffled = list(items)
    chance.shuffle(shuffled)
    one, other = plan_of(items, history), plan_of(shuffled, history)
    pd.testing.assert_frame_equal(one.evidence, other.evidence)
    pd.testing.assert_frame_equal(one.standings, other.standings)
    pd.testing.assert_frame_equal(one.because, other.because)


@settings(max_examples=6, deadline=None)
@given(rows(), histories(), st.data())
def test_a_paid_invoice_that_goes_changes_nobody_else(items: Rows, history: Rows, data: st.DataObject) -> None:
    """What was paid by one customer says nothing about another."""
    paid = [row for row in items if row["open"] == 0]
    if not paid or len(items) == len(paid):
        return
    gone = data.draw(st.sampled_from(paid))
    one, other = plan_of(items, history), plan_of([row for row in items if row is not gone], history)
    for before, after in [
        (one.evidence, other.evidence),
        (one.standings, other.standings),
        (one.because, other.because),
    ]:
        others = [table[table["debtor_id"] != gone["debtor_id"]].reset_index(drop=True) for table in (before, after)]
        pd.testing.assert_frame_equal(others[0], others[1])


@settings(max_examples=6, deadline=None)
@given(rows(), histories(), st.data())
def test_a_kept_promise_never_makes_a_standing_harder(items: Rows, history: Rows, data: st.DataObject) -> None:
    """One more promise, about an invoice that was paid by the promised day."""
    paid = [row for row in items if row["open"] == 0]
    if not paid:
        return
    kept = data.draw(st.sampled_from(paid))
    promise = event(
        str(kept["issued"])[:10],
        str(kept["debtor_id"]),
        "promised",
        str(kept["number"]),
        until=str(kept["paid_on"])[:10],
    )
    before, after = hardness(plan_of(items, history)), hardness(plan_of(items, [promise, *history]))
    assert all(after[debtor] <= hard for debtor, hard in before.items() if debtor in after)


@settings(max_examples=6, deadline=None)
@given(rows(), histories(), st.data())
def test_a_credit_never_makes_a_standing_harder(items: Rows, history: Rows, data: st.DataObject) -> None:
    """A credit note or a payment on account, of any size and day since the customer is known."""
    owner = data.draw(st.sampled_from(sorted({str(row["debtor_id"]) for row in items})))
    first = min(str(row["issued"])[:10] for row in items if row["debtor_id"] == owner)
    on = data.draw(st.dates(dt.date.fromisoformat(first), TODAY)).isoformat()
    credit = item(
        owner, "AV", on, on, -data.draw(st.integers(1, 3000)), note=data.draw(st.sampled_from(["", "avoir", "litige"]))
    )
    before, after = hardness(plan_of(items, history)), hardness(plan_of([*items, credit], history))
    assert all(after[debtor] <= hard for debtor, hard in before.items())


def flips_explained(one: Plan, later: Plan) -> set[str]:
    """Return the debtors whose standing is another; each must have facts that days bring, or other overdue invoices."""
    then, now = (plan.standings.set_index("debtor_id")["standing"] for plan in (one, later))
    flipped = {debtor for debtor in then.index if then[debtor] != now[debtor]}
    for debtor in flipped:
        late = [
            set(plan.aged.loc[plan.aged["overdue"] & (plan.aged["debtor_id"] == debtor), "item_id"])
            for plan in (one, later)
        ]
        codes = [set(plan.evidence.loc[plan.evidence["debtor_id"] == debtor, "code"]) for plan in (one, later)]
        assert late[0] != late[1] or codes[0] != codes[1], debtor
    return flipped


def only_days_speak(one: Plan, later: Plan) -> None:
    """Where the overdue invoices are the same, no fact comes or goes but by a threshold of days."""
    late = [plan.aged[plan.aged["overdue"]].groupby("debtor_id")["item_id"].agg(set).to_dict() for plan in (one, later)]
    codes = [plan.evidence.groupby("debtor_id")["code"].agg(set).to_dict() for plan in (one, later)]
    for debtor in codes[0].keys() | codes[1].keys():
        if late[0].get(debtor) == late[1].get(debtor):
            assert codes[0].get(debtor, set()) ^ codes[1].get(debtor, set()) <= BY_DAYS.keys()


@settings(max_examples=6, deadline=None)
@given(rows(), histories())
def test_a_week_with_nothing_new_flips_no_standing_but_by_a_threshold_of_days(items: Rows, history: Rows) -> None:
    """The same ledger and history a week later."""
    one, later = plan_of(items, history), plan_of(items, history, NEXT_WEEK)
    only_days_speak(one, later)
    assert flips_explained(one, later) <= {str(row["debtor_id"]) for row in items}


def test_the_stories_a_week_later() -> None:
    """Of the twelve debtors only the one whose invoice fell due is another: by a fact that a threshold of days explains."""
    one, later = plan_of_stories("2026-11-20"), plan_of_stories("2026-11-27")
    only_days_speak(one, later)
    assert flips_explained(one, later) == {"DUETODAY"}
    assert len(STORIES) == 12
