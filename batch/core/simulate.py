"""A ledger with payment dates, a policy and some days → what would have been sent to whom on each of them, and when it was paid.

Only what was known on each day counts: items as they stood, and the replay's own earlier steps. Steps that need approval are
taken as approved, calls as made, files as handed over. The payments are those that happened: what customers would have done
under another policy is not known.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from batch.core.calendar import days_between, no_days, plus_days, stamp
from batch.core.lookup import look_up
from batch.core.plan import Plan, make_plan
from batch.core.policy import Policy
from batch.core.records import Ledger
from batch.core.tables import ACCOUNT, COUNT, DAY, EVENTS, FIGURE, MONEY, TEXT, Table

WITHIN = (7, 14, 30)  # days after a step in which a payment is counted

SIMULATED = Table("simulated", {
    "at": DAY,
    "debtor_id": TEXT,
    "currency": TEXT,
    "item_id": TEXT,
    "number": TEXT,
    "step": TEXT,
    "channel": TEXT,
    "open": MONEY,            # as it stood on that day
    "due": DAY,
    "days_late": COUNT,
    "paid_on": DAY,           # when the ledger says it was settled; missing = it still is not
    "days_to_pay": FIGURE,    # from the step to the settlement
})  # fmt: skip

OUTCOMES = Table("outcomes", {
    "step": TEXT,
    "currency": TEXT,
    "contacts": COUNT,        # accounts that were written to or called, by day
    "items": COUNT,
    "open": MONEY,
    **{f"{what}_{days}": COUNT for days in WITHIN for what in ("seen", "paid")},  # seen: the ledger goes on for so many days
})  # fmt: skip

# What a step becomes once it was taken; every other step is a mail or a letter that was sent.
_KINDS = {
    "call": "called", "meeting": "met", "lawyer": "handed_over", "bailiff": "handed_over", "agency": "handed_over",
    "court": "handed_over",
}  # fmt: skip
_TASKS = "task"  # finding something out is no contact, and nothing is sent


def every_week(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the first day and every seventh after it, up to the last."""
    return [first + dt.timedelta(days=number) for number in range(0, (last - first).days + 1, 7)]


def without_hindsight(ledger: Ledger) -> Ledger:
    """Return the ledger without what has no date: dispute flags, holds and comments may be younger than the day replayed.

    Its own reminders are left out too: they were sent by another policy.
    """
    items = ledger.items.assign(disputed=False, hold_until=no_days(ledger.items.index), note="")
    return replace(ledger, items=items, history=EVENTS.empty(), problems=())


def replay(ledger: Ledger, policy: Policy, days: Sequence[dt.date]) -> Iterator[pd.DataFrame]:
    """Yield SIMULATED for each of the days, in order: what would have been done on it, knowing what was known."""
    ledger, journal = without_hindsight(ledger), EVENTS.empty()
    for day in days:
        plan = make_plan(_sent_by(ledger, day), journal, policy, day, first_run=False)
        taken = steps_taken(plan, ledger)
        if not taken.empty:
            journal = pd.concat([journal, as_events(taken)], ignore_index=True)
        yield taken


def _sent_by(ledger: Ledger, day: dt.date) -> Ledger:
    items = ledger.items
    return replace(ledger, items=items.assign(sent_on=items["sent_on"].where(items["sent_on"] <= stamp(day))))


def steps_taken(plan: Plan, ledger: Ledger) -> pd.DataFrame:
    """Return SIMULATED for the steps that a plan proposes; `ledger` says when the items were settled afterwards."""
    channels = plan.account_steps.loc[plan.account_steps["channel"] != _TASKS, [*ACCOUNT, "channel"]]
    steps = plan.item_steps.loc[plan.item_steps["advances"], [*ACCOUNT, "item_id", "next_step"]]
    rows = steps.merge(channels, on=ACCOUNT).rename(columns={"next_step": "step"})
    lines = plan.items[["item_id", "number", "open", "due"]].drop_duplicates("item_id")
    rows = rows.merge(lines, on="item_id")
    settled = ledger.items[ledger.items["open"] == 0].drop_duplicates("item_id").set_index("item_id")["paid_on"]
    day = stamp(plan.as_of)
    paid_on = look_up(rows["item_id"], settled)
    return SIMULATED.conform(
        rows.assign(
            at=day,
            days_late=days_between(rows["due"], day).fillna(0),
            paid_on=paid_on,
            days_to_pay=days_between(pd.Series(day, index=rows.index), paid_on),
        )
    )


def as_events(taken: pd.DataFrame) -> pd.DataFrame:
    """Return EVENTS as the journal would hold them, had these steps been taken.

    A call that asks for an address is taken to have given one: the invoice was sent again.
    """
    blank = dict.fromkeys(("message_id", "value", "meaning", "note"), "")
    called = (taken["channel"] == "call") & (taken["step"] != "resend_invoice")
    kind = taken["step"].map(_KINDS).fillna("sent").mask(called & (taken["step"] != "meeting"), "called")
    rows = taken[["at", "debtor_id", "item_id", "number", "step", "currency"]]
    never = no_days(taken.index)
    return EVENTS.conform(rows.assign(kind=kind.astype("str"), round=0, amount=0, until=never, by="relance", **blank))


def known_until(ledger: Ledger) -> pd.Timestamp:
    """Return the last day of which the ledger knows a payment or an invoice: what is open then may be paid later."""
    days = pd.concat([ledger.items["issued"], ledger.items["paid_on"], ledger.payments["at"]])
    last: pd.Timestamp = days.max()
    return last


def outcomes(taken: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Return OUTCOMES by step and currency: how many, how much, and how many were paid within so many days after.

    A share of what was paid within 30 days can only be told of steps that lie at least 30 days before `until`.
    """
    rows = taken.assign(items=1)
    for days in WITHIN:
        seen = plus_days(rows["at"], days) <= until
        rows[f"seen_{days}"] = seen.astype("int64")
        rows[f"paid_{days}"] = (seen & (rows["days_to_pay"] <= days)).astype("int64")
    figures = ["items", "open", *(f"{what}_{days}" for days in WITHIN for what in ("seen", "paid"))]
    sums = rows.groupby(["step", "currency"])[figures].sum()
    contacts = taken.drop_duplicates(["at", *ACCOUNT, "step"]).groupby(["step", "currency"]).size()
    return OUTCOMES.conform(sums.assign(contacts=contacts).reset_index())
