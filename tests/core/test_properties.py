"""What must hold for every ledger."""

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.plan import Plan, make_plan
from tests.core.kit import event, events, item, ledger, policy

DAYS = st.dates(dt.date(2026, 6, 1), dt.date(2026, 12, 31))


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, object]]:
    """Draw a ledger of up to twelve items of up to three debtors."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        issued = draw(DAYS)
        amount = draw(st.integers(-2_000, 9_000).filter(bool))
        open_share = draw(st.sampled_from([0, 1, 2]))
        paid = {"paid_on": draw(DAYS).isoformat()} if open_share == 0 else {}
        due = (issued + dt.timedelta(days=draw(st.sampled_from([0, 30, 45])))).isoformat()
        found.append(
            item(draw(st.sampled_from("DEF")), str(number), issued.isoformat(), due, amount, amount * open_share / 2,
                 note=draw(st.sampled_from(["", "", "litige", "RJ"])), currency=draw(st.sampled_from(["EUR", "EUR", "USD"])), **paid)
        )  # fmt: skip
    return found


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, object]]:
    """Draw up to six events."""
    return [
        event(draw(DAYS).isoformat(), draw(st.sampled_from("DEF")), draw(st.sampled_from(["sent", "promised", "held", "bounced", "replied"])),
              str(draw(st.integers(0, 11))), draw(st.sampled_from(["reminder_1", "reminder_2"])), until=draw(DAYS).isoformat())
        for _ in range(draw(st.integers(0, 6)))
    ]  # fmt: skip


def plan_of(items: list[dict[str, object]], history: list[dict[str, object]], as_of: str = "2026-11-20") -> Plan:
    """Return the plan of these rows."""
    return make_plan(ledger(items), events(history), policy(), dt.date.fromisoformat(as_of), first_run=False)


@settings(max_examples=12, deadline=None)
@given(rows(), histories(), st.randoms(use_true_random=False))
def test_row_order_never_matters(
    items: list[dict[str, object]], history: list[dict[str, object]], random: object
) -> None:
    """The same rows in another order give the same accounts, standings and steps."""
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = plan_of(items, history), plan_of(shuffled, history)
    pd.testing.assert_frame_equal(one.accounts, other.accounts)
    pd.testing.assert_frame_equal(one.standings, other.standings)
    pd.testing.assert_frame_equal(one.account_steps, other.account_steps)


@settings(max_examples=12, deadline=None)
@given(rows(), histories())
def test_the_figures_add_up_and_every_account_says_why(
    items: list[dict[str, object]], history: list[dict[str, object]]
) -> None:
    """Buckets and credits make the balance; every account has one line with a reason; nothing moves that is blocked."""
    plan = plan_of(items, history)
    buckets = plan.summary.buckets.groupby("currency")["open"].sum()
    balance = plan.accounts.groupby("currency")[["open", "unallocated"]].sum()
    assert (buckets.reindex(balance.index) + balance["unallocated"]).to_dict() == balance["open"].to_dict()
    assert (
        plan.account_steps[["debtor_id", "currency"]].to_numpy().tolist()
        == plan.accounts[["debtor_id", "currency"]].to_numpy().tolist()
    )
    assert (plan.account_steps["reason"] != "").all()
    assert not (plan.item_steps["advances"] & (plan.item_steps["blocked_by"] != "")).any()
    moving = plan.item_steps[plan.item_steps["advances"]]
    assert set(moving["debtor_id"]) == set(plan.account_steps.loc[plan.account_steps["step"] != "", "debtor_id"])


@settings(max_examples=12, deadline=None)
@given(rows())
def test_journalling_what_leaves_makes_the_next_run_of_the_day_leave_nothing_again(
    items: list[dict[str, object]],
) -> None:
    """Every mail of a run, once journalled, is proposed by no second run of the same day."""
    plan = plan_of(items, [])
    mails = plan.account_steps[plan.account_steps["channel"].isin(["mail", "letter"])]
    moving = plan.item_steps[plan.item_steps["advances"]].merge(
        mails[["debtor_id", "currency"]], on=["debtor_id", "currency"]
    )
    sent = [
        event("2026-11-20", debtor, "sent", step=step, item_id=item_id)
        for debtor, step, item_id in moving[["debtor_id", "next_step", "item_id"]].itertuples(index=False)
    ]
    again = plan_of(items, sent)
    after = again.account_steps[again.account_steps["channel"].isin(["mail", "letter"])]
    assert after[["debtor_id", "currency", "step"]].to_numpy().tolist() == []
