"""Every open invoice → the last step it took, its round, the next step on its road and the day its conditions hold."""

import pandas as pd

from batch.core import history
from batch.core.calendar import plus_days
from batch.core.evidence import Known
from batch.core.evidence.habit import habits
from batch.core.policy import BUSINESS, Policy, Step
from batch.core.tables import ACCOUNT, STEPS, look_up

WRITTEN = ("reminder_1", "reminder_2")
HAND_OVER = ("lawyer", "bailiff", "agency")
_RANK = {code: rank for rank, code in enumerate(STEPS)}


def owed_items(known: Known, aged: pd.DataFrame, accounts: pd.DataFrame, standings: pd.DataFrame) -> pd.DataFrame:
    """Return the open invoices with all that the ladder asks about them.

    Beside the item's own columns: days_late, overdue, account_open, standing, nature, patient (an old good customer), tardy (a
    habit of paying late), last_contact, called_on, met_on.
    """
    columns = ["item_id", "debtor_id", "currency", "number", "due", "open", "payment_mode", "retention", "hold_until"]
    owed = known.invoices.loc[known.invoices["open"] > 0, columns].reset_index(drop=True)
    by_item = aged.set_index("item_id")
    account = accounts.set_index(ACCOUNT)["open"].reindex(pd.MultiIndex.from_frame(owed[ACCOUNT]))
    habit = habits(known.paid)
    policy = known.policy
    loyal = known.debtors.loc[
        known.debtors["known_since"] + pd.DateOffset(months=policy.patience_months) <= known.as_of, "debtor_id"
    ]
    mean_delay = look_up(owed["debtor_id"], habit["days"])
    nature = look_up(owed["debtor_id"], known.debtors.set_index("debtor_id")["nature"])
    events = known.events
    return owed.assign(
        days_late=look_up(owed["item_id"], by_item["days_late"]),
        overdue=look_up(owed["item_id"], by_item["overdue"]),
        account_open=account.to_numpy(),
        standing=look_up(owed["debtor_id"], standings.set_index("debtor_id")["standing"]),
        nature=nature.where(nature != "", BUSINESS),
        patient=owed["debtor_id"].isin(loyal) & (mean_delay < policy.patience_delay),
        tardy=look_up(owed["debtor_id"], 2 * habit["n"] <= habit["m"]) == True,  # noqa: E712  missing is not tardy
        last_contact=look_up(owed["debtor_id"], history.contacts(events).groupby("debtor_id")["at"].max()),
        called_on=look_up(owed["debtor_id"], events[events["kind"] == "called"].groupby("debtor_id")["at"].max()),
        met_on=look_up(owed["debtor_id"], events[events["kind"] == "met"].groupby("debtor_id")["at"].max()),
    )


def rungs(known: Known, owed: pd.DataFrame) -> pd.DataFrame:
    """Return `owed` with resent_on, round, last_step, last_on, next_step and ready_on (missing = its road has ended)."""
    owed = _with_past(known, owed)
    done = _done(known, owed)
    pieces = [_walk(mine, done, known) for _, mine in owed.groupby(["standing", "nature"], sort=False)]
    return pd.concat(pieces).sort_index() if pieces else owed.assign(next_step="", ready_on=owed["due"])


def _with_past(known: Known, owed: pd.DataFrame) -> pd.DataFrame:
    resent = known.sent[known.sent["step"] == "resend_invoice"].groupby("item_id")["at"].agg(["max", "size"])
    bounces = known.events[known.events["kind"] == "bounced"].groupby("item_id").size()
    rounds = look_up(owed["item_id"], resent["size"]).fillna(0) + look_up(owed["item_id"], bounces).fillna(0)
    own = known.sent[known.sent["item_id"] != ""].groupby("item_id").last()
    return owed.assign(
        resent_on=look_up(owed["item_id"], resent["max"]),
        round=(rounds + 1).astype("int64"),
        last_step=look_up(owed["item_id"], own["step"]).fillna(""),
        last_on=look_up(owed["item_id"], own["at"]),
    )


def _done(known: Known, owed: pd.DataFrame) -> pd.DataFrame:
    """Return the day each ladder step was last taken by each item (rows as `owed`) since its invoice was sent again."""
    sent = known.sent[known.sent["item_id"].isin(owed["item_id"])]
    resends = sent[sent["step"] == "resend_invoice"].index.to_series().groupby(sent["item_id"]).max()
    since = look_up(sent["item_id"], resends).fillna(-1)
    counted = sent[sent.index > since]
    table = counted.pivot_table(index="item_id", columns="step", values="at", aggfunc="max")
    table = table.reindex(index=pd.Index(owed["item_id"]), columns=list(STEPS)).set_axis(owed.index)
    return table.astype("datetime64[s]")


def road(policy: Policy, standing: str, nature: str) -> tuple[str, ...]:
    """Return the steps of the road for this standing, without those that are never taken against this nature of debtor."""
    never = policy.natures.get(nature, ())
    return tuple(code for code in policy.roads.get(standing, policy.roads.get("default", ())) if code not in never)


def _walk(mine: pd.DataFrame, done: pd.DataFrame, known: Known) -> pd.DataFrame:
    """Walk the road of items of one standing and nature: the first step not passed is the next one."""
    policy, as_of = known.policy, known.as_of
    steps = {step.code: step for step in policy.steps}
    standing, nature = mine["standing"].iloc[0], mine["nature"].iloc[0]
    codes = road(policy, standing, nature)
    taken = done.loc[mine.index].copy()
    reached = pd.Series(-1, index=mine.index)
    for rank, code in enumerate(codes):
        reached = reached.mask(taken[code].notna(), rank)
    written = taken[list(WRITTEN)].max(axis=1)
    next_step = pd.Series("", index=mine.index, dtype="str")
    ready_on = pd.Series(pd.NaT, index=mine.index, dtype="datetime64[s]")
    pending = pd.Series(data=True, index=mine.index)
    for rank, code in enumerate(codes):
        due_on = _holds_on(steps[code], mine, taken, written, standing, policy)
        passed = (reached >= rank) | _skipped(steps[code], mine, policy)
        lapses = steps[code].lapses
        if lapses is not None:
            made = mine["called_on"] if code == "call" else mine["met_on"]
            lapsed = plus_days(due_on, lapses)
            passed |= (made >= written) | (lapsed <= as_of)
            # What follows a call that was made waits for the gap between contacts; only then do its own days begin to lapse.
            taken[code] = plus_days(made.dt.floor("D"), policy.gap_days).where(made >= written, lapsed)
        here = pending & ~passed
        next_step, ready_on = next_step.mask(here, code), ready_on.mask(here, due_on)
        pending &= passed
    free_on = plus_days(mine["last_contact"].dt.floor("D"), policy.gap_days)
    return mine.assign(next_step=next_step, ready_on=pd.concat([ready_on, free_on.where(~pending)], axis=1).max(axis=1))


def _skipped(step: Step, mine: pd.DataFrame, policy: Policy) -> pd.Series:
    """Tell which items do not take this step at all: a courtesy notice that comes too late, amounts under the minimum."""
    small = mine["account_open"] < step.minimum
    if step.code == "courtesy":
        return small | (mine["days_late"] > 0) | ((mine["open"] < policy.courtesy_minimum) & ~mine["tardy"])
    return small


def _holds_on(
    step: Step, mine: pd.DataFrame, taken: pd.DataFrame, written: pd.Series, standing: str, policy: Policy
) -> pd.Series:
    """Return the first day on which all conditions of the step hold."""
    days = []
    if step.days_late is not None:
        extra = mine["patient"] * policy.patience_days if step.code == "reminder_1" else 0
        days.append(plus_days(mine["due"], step.days_late + extra))
    if step.code == "reminder_1":
        days.append(plus_days(mine["resent_on"].dt.floor("D"), policy.resend_grace))
    if step.since_contact:
        days.append(plus_days(mine["last_contact"].dt.floor("D"), step.since_contact))
    if step.after:
        hard = standing == "dishonest" and step.code in HAND_OVER
        after = written if step.after == "written" else taken[step.after]
        days.append(plus_days(after.dt.floor("D"), policy.hard_hand_over if hard else step.after_days))
    return pd.concat(days, axis=1).max(axis=1).astype("datetime64[s]") if days else mine["due"]


def rank_of(steps: pd.Series) -> pd.Series:
    """Return how far along the ladder each step is (-1 for none)."""
    return steps.map(_RANK).fillna(-1).astype("int64")
