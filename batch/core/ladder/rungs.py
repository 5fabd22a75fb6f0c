"""Every open invoice → the last step it took, its round, the next step on its road and the day its conditions hold."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from batch.core import history
from batch.core.calendar import last_of_month
from batch.core.evidence import Known
from batch.core.evidence.habit import habits
from batch.core.keys import Cut
from batch.core.ladder.choice import each_policy, policies_of, setting
from batch.core.policy import BUSINESS, Policy, Step
from batch.core.tables import STEPS, latest_day, look_up

Array = np.ndarray[Any, Any]
Days = Array  # datetime64[D], NaT where unknown

WRITTEN = ("reminder_1", "reminder_2")
HAND_OVER = ("lawyer", "bailiff", "agency")
DAY = np.timedelta64(1, "D")
NEVER = np.datetime64("NaT", "D")
_RANK = {code: rank for rank, code in enumerate(STEPS)}


def owed_items(known: Known, accounts: pd.DataFrame, standings: pd.DataFrame) -> pd.DataFrame:
    """Return the open invoices with all that the ladder asks about them; the keys of all tables are numbers.

    Beside the item's own columns: account (row of ACCOUNTS), policy (the name of the one it follows), days_late, overdue, account_open, account_gross (before
    credits: they never hasten a step), standing, nature, patient (an old good customer), tardy (a habit of paying late), last_contact, called_on, met_on.
    """
    columns = ["item_id", "debtor_id", "currency", "number", "issued", "due", "amount", "open", "payment_mode", "retention",
               "hold_until"]  # fmt: skip
    owed = known.invoices.loc[known.invoices["open"] > 0, columns].reset_index(drop=True)
    owed["policy"] = policies_of(owed, known.debtors, known.policy)
    by_item = known.aged.set_index("item_id")
    owed["account"] = _accounts_of(owed, accounts)
    balance = accounts[["open", "unallocated"]].iloc[owed["account"]]
    habit = known.once(habits)
    policy = known.policy
    loyal = known.debtors.loc[
        known.debtors["known_since"] + pd.DateOffset(months=policy.patience_months) <= known.as_of, "debtor_id"
    ]
    mean_delay = look_up(owed["debtor_id"], habit["days"])
    nature = look_up(owed["debtor_id"], known.debtors.set_index("debtor_id")["nature"])
    judged = setting(owed, policy, lambda chosen: chosen.classification)
    patient = mean_delay < setting(owed, policy, lambda chosen: chosen.patience_delay)
    return owed.assign(
        days_late=look_up(owed["item_id"], by_item["days_late"]),
        overdue=look_up(owed["item_id"], by_item["overdue"]),
        account_open=balance["open"].to_numpy(),
        account_gross=(balance["open"] - balance["unallocated"]).to_numpy(),
        standing=look_up(owed["debtor_id"], standings.set_index("debtor_id")["standing"]),
        nature=nature.where(nature != "", BUSINESS),
        patient=owed["debtor_id"].isin(loyal) & patient & judged,
        tardy=(look_up(owed["debtor_id"], 2 * habit["n"] <= habit["m"]) == True) & judged,  # noqa: E712  missing is not tardy
        last_contact=look_up(owed["debtor_id"], latest_day(history.contacts(known.events, known.sent), "debtor_id")),
        called_on=look_up(owed["debtor_id"], latest_day(known.of("called"), "debtor_id")),
        met_on=look_up(owed["debtor_id"], latest_day(known.of("met"), "debtor_id")),
    )


def _accounts_of(owed: pd.DataFrame, accounts: pd.DataFrame) -> Array:
    currencies = pd.Index(accounts["currency"].unique())
    theirs, ours = (
        rows["debtor_id"] * len(currencies) + currencies.get_indexer(rows["currency"]) for rows in (accounts, owed)
    )
    place: Array = pd.Index(theirs).get_indexer(pd.Index(ours))
    return place


class Condition(NamedTuple):
    """One condition of a step: its code, the days it asks for, and the day from which it holds (missing = nothing to wait for)."""

    code: str
    need: Array | int
    on: Days
    after: str = ""  # what the days count from: written, previous, invoice, or a step


@dataclass(frozen=True)
class Rung:
    """What one rung of a road says of the items that were asked about; core.explain reads it, a run never asks."""

    policy: Policy
    step: Step
    conditions: list[Condition]
    reminders: Array | int  # written reminders taken so far
    holds_on: Days
    reached: Array
    skipped: Array
    made: Days | None  # a call or meeting: the day it was made, and the day it lapses
    lapses_on: Days | None


def rungs(known: Known, owed: pd.DataFrame, seen: list[Rung] | None = None) -> pd.DataFrame:
    """Return `owed` with resent_on, round, last_step, last_on, next_step and ready_on (missing = its road has ended).

    `seen` is filled with what each rung says: to be given only with items of one road.
    """
    sent = known.sent.loc[known.sent["item_id"].isin(owed["item_id"]), ["item_id", "kind", "step", "at"]]
    owed = _with_past(known, owed, sent)
    taken = _taken(owed, sent)
    next_step, ready_on = np.full(len(owed), "", dtype=object), np.full(len(owed), NEVER)
    for policy, mine in each_policy(owed, known.policy):
        pairs = pd.MultiIndex.from_frame(owed[["standing", "nature"]].iloc[mine])
        roads = {pair: road(policy, *pair) for pair in pairs.unique().tolist()}
        for codes in dict.fromkeys(roads.values()):
            rows = mine[pairs.isin([pair for pair in roads if roads[pair] == codes])]
            items = Items.of(owed.iloc[rows])
            before = {code: days[rows] for code, days in taken.items()}
            next_step[rows], ready_on[rows] = _walk(items, before, codes, policy, known.as_of, seen)
    free_on = (
        _days(owed["last_contact"]) + np.asarray(setting(owed, known.policy, lambda chosen: chosen.gap_days)) * DAY
    )
    ready_on = np.where(np.isnat(ready_on), NEVER, np.fmax(ready_on, free_on))
    return owed.assign(next_step=pd.Series(next_step, index=owed.index, dtype="str"),
                       ready_on=ready_on.astype("datetime64[s]"))  # fmt: skip


def _with_past(known: Known, owed: pd.DataFrame, sent: pd.DataFrame) -> pd.DataFrame:
    """Add what was `sent` about each item: resent_on, round, last_step, last_on."""
    resent = sent[["item_id", "at"]][sent["step"] == "resend_invoice"]
    mails = known.events.of("sent", columns=["item_id"])["item_id"]
    size = len(known.item_keys.texts)
    tried, arrived, again = (
        np.bincount(items, minlength=size)
        for items in (mails, sent.loc[sent["kind"] == "sent", "item_id"], resent["item_id"])
    )
    own = sent.drop_duplicates("item_id", keep="last").set_index("item_id")
    return owed.assign(
        resent_on=look_up(owed["item_id"], latest_day(resent, "item_id")),
        round=1 + (again + tried - arrived)[owed["item_id"]],  # a mail that came back was no round
        last_step=look_up(owed["item_id"], own["step"]).fillna(""),
        last_on=look_up(owed["item_id"], own["at"]),
    )


def _taken(owed: pd.DataFrame, sent: pd.DataFrame) -> dict[str, Days]:
    """Return the day each ladder step was last taken by each item (rows as `owed`) since its invoice was sent again."""
    resent = sent[sent["step"] == "resend_invoice"].drop_duplicates("item_id", keep="last")
    resends = pd.Series(resent.index, index=resent["item_id"])
    counted = Cut.by(sent[sent.index > look_up(sent["item_id"], resends).fillna(-1)], "step")
    last = {step: latest_day(counted.of(step), "item_id") for step in counted.places}
    nothing = np.full(len(owed), NEVER)
    return {code: _days(look_up(owed["item_id"], last[code])) if code in last else nothing for code in STEPS}


def road(policy: Policy, standing: str, nature: str) -> tuple[str, ...]:
    """Return the steps of the road for this standing, without those that are never taken against this nature of debtor."""
    never = policy.natures.get(nature, ())
    return tuple(code for code in policy.roads.get(standing, policy.roads.get("default", ())) if code not in never)


def _days(column: pd.Series) -> Days:
    return column.to_numpy().astype("datetime64[D]")


@dataclass(frozen=True)
class Items:
    """The columns of some items that the walk asks for, as arrays: a walk takes many small steps."""

    issued: Days
    due: Days
    own_contact: Days
    last_on: Days
    resent_on: Days
    called_on: Days
    met_on: Days
    days_late: Array
    open: Array
    account_gross: Array
    patient: Array
    tardy: Array
    hard: Array

    @classmethod
    def of(cls, owed: pd.DataFrame) -> "Items":
        """Return these items' columns."""
        days = {name: _days(owed[name]) for name in ("issued", "due", "last_on", "resent_on", "called_on", "met_on")}
        rest = {name: owed[name].to_numpy() for name in ("days_late", "open", "account_gross", "patient", "tardy")}
        own = np.fmax(np.fmax(days["last_on"], days["called_on"]), days["met_on"])
        return cls(**days, **rest, own_contact=own, hard=(owed["standing"] == "dishonest").to_numpy())


def _walk(
    items: Items,
    taken: dict[str, Days],
    codes: tuple[str, ...],
    policy: Policy,
    as_of: pd.Timestamp,
    seen: list[Rung] | None = None,
) -> tuple[Array, Days]:
    """Walk one road: each item's next step is the first that it has not passed, from the day all its conditions hold."""
    today = np.datetime64(as_of, "D")
    steps = {step.code: step for step in policy.steps}
    reached = np.full(len(items.due), -1)
    for rank, code in enumerate(codes):
        reached[~np.isnat(taken[code])] = rank
    written = np.fmax.reduce([taken[code] for code in WRITTEN])
    # A step that was taken stands for the softer ones before it on its road: a reminder made by hand is often the only one noted.
    reminders = sum((reached >= rank).astype("int64") for rank, code in enumerate(codes) if code in WRITTEN)
    next_step, ready_on = np.full(len(items.due), "", dtype=object), np.full(len(items.due), NEVER)
    for rank, code in enumerate(codes):
        taken["previous"] = np.fmax.reduce(
            [taken[softer] for softer in codes[:rank]] or [np.full(len(items.due), NEVER)]
        )
        asked = conditions(steps[code], items, taken, written, policy)
        holds_on = np.fmax.reduce([np.full(len(items.due), NEVER), *(condition.on for condition in asked)])
        holds_on = np.where(reminders >= steps[code].written, holds_on, NEVER)
        skipped = _skipped(steps[code], items, policy)
        passed = (reached >= rank) | skipped
        lapses, made, lapsed = steps[code].lapses, None, None
        if lapses is not None:
            made = items.called_on if code == "call" else items.met_on
            lapsed = holds_on + lapses * DAY
            passed |= (made >= written) | (lapsed <= today)
            # What follows a call that was made waits for the gap between contacts; only then do its own days begin to lapse.
            taken[code] = np.where(made >= written, made + policy.gap_days * DAY, lapsed)
        if seen is not None:
            seen.append(Rung(policy, steps[code], asked, reminders, holds_on, reached >= rank, skipped, made, lapsed))
        here = (next_step == "") & ~passed
        next_step[here], ready_on[here] = code, holds_on[here]
    return next_step, ready_on


def _skipped(step: Step, items: Items, policy: Policy) -> Array:
    """Tell which items do not take this step at all: a courtesy notice that comes too late, amounts under the minimum."""
    small: Array = items.account_gross < step.minimum
    if step.code == "courtesy":
        return small | (items.days_late > 0) | ((items.open < policy.courtesy_minimum) & ~items.tardy)
    return small


def conditions(step: Step, items: Items, taken: dict[str, Days], written: Days, policy: Policy) -> list[Condition]:
    """Return the step's conditions with the day from which each holds: the step may be taken on the last of these days."""
    asked = []
    last: Any = last_of_month if step.end_of_month else (lambda days: days)
    if step.days_late is not None:
        need = step.days_late + (items.patient * policy.patience_days if step.code == "reminder_1" else 0)
        asked.append(Condition("days-late", need, last(items.due + need * DAY)))
    timed = step.days_late == 0 or step.after or step.since_contact
    if timed and not step.days_late and step.code != "courtesy":
        asked.append(Condition("days-late", 1, items.due + DAY))  # due today is not late
    if step.code == "reminder_1":
        asked.append(Condition("resend-grace", policy.resend_grace, items.resent_on + policy.resend_grace * DAY))
    if step.since_contact:
        asked.append(Condition("since-contact", step.since_contact, items.own_contact + step.since_contact * DAY))
    if step.after:
        quick = items.hard & (step.code in HAND_OVER)
        wait = np.where(quick, policy.hard_hand_over, step.after_days)
        asked.append(Condition("after", wait, last(_anchor(step, items, taken, written) + wait * DAY), step.after))
    return asked


def _anchor(step: Step, items: Items, taken: dict[str, Days], written: Days) -> Days:
    """Return the day that the step's `after_days` count from; for a step that was left out, that of the last one taken."""
    if step.after == "invoice":
        return np.where(np.isnat(items.issued), items.due, items.issued)
    after = written if step.after == "written" else taken[step.after]
    return np.where(np.isnat(after), items.last_on, after)


def rank_of(steps: pd.Series) -> pd.Series:
    """Return how far along the ladder each step is (-1 for none)."""
    return steps.map(_RANK).fillna(-1).astype("int64")
