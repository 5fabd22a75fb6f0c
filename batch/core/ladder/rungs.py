"""Every open invoice → the last step it took, its round, the next step on its road and the day its conditions hold."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from batch.core.calendar import A_DAY
from batch.core.codes import STEPS
from batch.core.evidence import Known
from batch.core.keys import Array, Cut
from batch.core.ladder.choice import each_policy
from batch.core.ladder.conditions import NEVER, Condition, Days, Items, conditions, days_of, skips
from batch.core.lookup import latest_day, look_up
from batch.core.policy import Policy, Step

WRITTEN = ("reminder_1", "reminder_2")
_RANK = {code: rank for rank, code in enumerate(STEPS)}


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
    taken = _last_taken(owed, sent)
    next_step, ready_on = np.full(len(owed), "", dtype=object), np.full(len(owed), NEVER)
    for policy, mine in each_policy(owed, known.policy):
        pairs = pd.MultiIndex.from_frame(owed[["standing", "nature"]].iloc[mine])
        roads = {pair: road(policy, *pair) for pair in pairs.unique().tolist()}
        for codes in dict.fromkeys(roads.values()):
            rows = mine[pairs.isin([pair for pair in roads if roads[pair] == codes])]
            items = Items.of(owed.iloc[rows])
            before = {code: days[rows] for code, days in taken.items()}
            next_step[rows], ready_on[rows] = _walk(items, before, codes, policy, known.as_of, seen)
    ready_on = np.where(np.isnat(ready_on), NEVER, np.fmax(ready_on, days_of(owed["free_on"])))
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


def _last_taken(owed: pd.DataFrame, sent: pd.DataFrame) -> dict[str, Days]:
    """Return the day each ladder step was last taken by each item (rows as `owed`) since its invoice was sent again."""
    resent = sent[sent["step"] == "resend_invoice"].drop_duplicates("item_id", keep="last")
    resends = pd.Series(resent.index, index=resent["item_id"])
    counted = Cut.by(sent[sent.index > look_up(sent["item_id"], resends).fillna(-1)], "step")
    last = {step: latest_day(counted.of(step), "item_id") for step in counted.places}
    nothing = np.full(len(owed), NEVER)
    return {code: days_of(look_up(owed["item_id"], last[code])) if code in last else nothing for code in STEPS}


def road(policy: Policy, standing: str, nature: str) -> tuple[str, ...]:
    """Return the steps of the road for this standing, without those that are never taken against this nature of debtor."""
    never = policy.natures.get(nature, ())
    return tuple(code for code in policy.roads.get(standing, policy.roads.get("default", ())) if code not in never)


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
        skipped = skips(steps[code], items, policy)
        passed = (reached >= rank) | skipped
        lapses, made, lapsed = steps[code].lapses, None, None
        if lapses is not None:
            made = items.called_on if code == "call" else items.met_on
            lapsed = holds_on + lapses * A_DAY
            passed |= (made >= written) | (lapsed <= today)
            # What follows a call that was made waits for the gap between contacts; only then do its own days begin to lapse.
            taken[code] = np.where(made >= written, made + policy.gap_days * A_DAY, lapsed)
        if seen is not None:
            seen.append(Rung(policy, steps[code], asked, reminders, holds_on, reached >= rank, skipped, made, lapsed))
        here = (next_step == "") & ~passed
        next_step[here], ready_on[here] = code, holds_on[here]
    return next_step, ready_on


def rank_of(steps: pd.Series) -> pd.Series:
    """Return how far along the ladder each step is (-1 for none)."""
    return steps.map(_RANK).fillna(-1).astype("int64")
