"""What the ladder never does, whatever the ledger and the policy: fall back, jump for a credit, depend on its neighbours."""

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.codes import STEPS
from batch.core.plan import Plan, make_plan
from batch.core.tables import ACCOUNT
from tests.core.kit import debtor, event, events, item, ledger
from tests.core.playing import as_sent, rules

Rows = list[dict[str, object]]

RULES = """
[policies.plain]
classification = false
steps.reminder_2 = { after = "previous", after_days = 20, days_late = 0, since_contact = 0, end_of_month = true }
[policies.short]
classification = false
gap_days = 2
steps = ["reminder_1", "formal_notice"]
[policies.none]
steps = []
[policy]
classification = false
"""
FIRST = dt.date(2026, 6, 1)
AS_OF = dt.date(2026, 11, 20)
RANK = {code: rank for rank, code in enumerate(("", *STEPS))}
SENT = st.sampled_from(["reminder_1", "reminder_2", "formal_notice"])


@st.composite
def books(draw: st.DrawFn) -> Rows:
    """Draw one to ten open invoices of up to four debtors, one for each policy, all issued before the first as-of day."""
    rows = []
    for number in range(draw(st.integers(1, 10))):
        issued = FIRST + dt.timedelta(days=draw(st.integers(0, 150)))
        due = issued + dt.timedelta(days=draw(st.sampled_from([0, 30, 45])))
        rows.append(
            item(
                draw(st.sampled_from("DEFG")),
                str(number),
                issued.isoformat(),
                due.isoformat(),
                draw(st.integers(1, 9000)),
            )
        )
    return rows


@st.composite
def pasts(draw: st.DrawFn) -> Rows:
    """Draw up to six acts before the as-of day."""
    kinds = st.sampled_from(["sent", "sent", "called", "promised", "held", "skipped"])
    return [
        event((FIRST + dt.timedelta(days=draw(st.integers(0, 170)))).isoformat(), draw(st.sampled_from("DEFG")), draw(kinds),
              str(draw(st.integers(0, 9))), draw(SENT), until=(AS_OF + dt.timedelta(days=draw(st.integers(-60, 60)))).isoformat())
        for _ in range(draw(st.integers(0, 6)))
    ]  # fmt: skip


def plan_of(rows: Rows, past: Rows, as_of: dt.date = AS_OF) -> Plan:
    """Return the plan of these rows, each debtor with a policy of its own."""
    people = [debtor("E", policy="plain"), debtor("F", policy="short"), debtor("G", policy="none")]
    return make_plan(ledger(rows, people), events(past), rules(RULES), as_of, first_run=False)


def ranks(plan: Plan) -> pd.Series:
    """Return how far along the ladder each invoice's next step is; the end of the ladder is past every step."""
    steps = plan.item_steps.set_index("item_id")
    return steps["next_step"].map(RANK).mask(steps["next_step"] == "", len(RANK))


def by_account(plan: Plan) -> pd.Series:
    """Return how far along the ladder the step of each account is; 0 where nothing leaves."""
    return plan.account_steps.set_index(ACCOUNT)["step"].map(RANK)


@settings(max_examples=8, deadline=None)
@given(books(), pasts(), st.integers(1, 60))
def test_a_later_day_never_lowers_a_next_step(rows: Rows, past: Rows, later: int) -> None:
    """Nothing happens for some days: every invoice's next step is the same, or a harder one."""
    now, then = ranks(plan_of(rows, past)), ranks(plan_of(rows, past, AS_OF + dt.timedelta(days=later)))
    assert (then.reindex(now.index) >= now).all()


@settings(max_examples=8, deadline=None)
@given(books(), pasts(), st.sampled_from("DEFG"), st.integers(1, 12_000))
def test_adding_a_credit_never_raises_a_step(rows: Rows, past: Rows, name: str, amount: int) -> None:
    """With a credit note more, every account takes the same step, or none; no invoice's next step is a harder one."""
    credit = item(name, "CREDIT", "2026-11-01", "2026-11-01", -amount)
    before, after = plan_of(rows, past), plan_of([*rows, credit], past)
    assert (by_account(after).reindex(by_account(before).index) <= by_account(before)).all()
    assert (ranks(after).reindex(ranks(before).index) <= ranks(before)).all()


@settings(max_examples=8, deadline=None)
@given(books(), pasts())
def test_what_was_sent_today_is_not_proposed_again_today(rows: Rows, past: Rows) -> None:
    """Everything written was journalled as sent: a second plan of the day writes to nobody it wrote to."""
    plan = plan_of(rows, past)
    again = plan_of(rows, [*past, *as_sent(plan)])
    assert as_sent(again) == []


@settings(max_examples=8, deadline=None)
@given(books(), pasts(), st.randoms(use_true_random=False))
def test_row_order_never_matters_under_several_policies(rows: Rows, past: Rows, random: object) -> None:
    """The same invoices in another order: the same steps, for each invoice and each account."""
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = plan_of(rows, past), plan_of(shuffled, past)
    pd.testing.assert_frame_equal(one.account_steps, other.account_steps)
    first, second = (plan.item_steps.sort_values("item_id", ignore_index=True) for plan in (one, other))
    pd.testing.assert_frame_equal(first, second)


@settings(max_examples=8, deadline=None)
@given(books(), pasts(), st.sampled_from("DEFG"))
def test_nobody_depends_on_another_debtor(rows: Rows, past: Rows, name: str) -> None:
    """Without one of the debtors, the others' accounts are what they were."""
    others = [row for row in rows if row["debtor_id"] != name]
    if not others:
        return
    whole, part = plan_of(rows, past).account_steps, plan_of(others, past).account_steps
    kept = whole[whole["debtor_id"] != name].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, part)


@settings(max_examples=8, deadline=None)
@given(books(), pasts())
def test_never_is_never(rows: Rows, past: Rows) -> None:
    """No invoice of the debtor without steps moves, and its account says why."""
    plan = plan_of(rows, past)
    assert not plan.item_steps.loc[plan.item_steps["debtor_id"] == "G", "advances"].any()
    assert set(plan.account_steps.loc[plan.account_steps["debtor_id"] == "G", "blocked_by"]) <= {"never"}
