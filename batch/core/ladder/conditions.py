"""One step of a road and some items → the days from which each of its conditions holds, and who leaves it out."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from batch.core.calendar import A_DAY, last_of_month
from batch.core.codes import HAND_OVERS
from batch.core.keys import Array
from batch.core.policy import Policy, Step

Days = Array  # datetime64[D], NaT where unknown

NEVER = np.datetime64("NaT", "D")


class Condition(NamedTuple):
    """One condition of a step: its code, the days it asks for, and the day from which it holds (missing = nothing to wait for)."""

    code: str
    need: Array | int
    on: Days
    after: str = ""  # what the days count from: written, previous, invoice, or a step


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
        days = {name: days_of(owed[name]) for name in ("issued", "due", "last_on", "resent_on", "called_on", "met_on")}
        rest = {name: owed[name].to_numpy() for name in ("days_late", "open", "account_gross", "patient", "tardy")}
        own = np.fmax(np.fmax(days["last_on"], days["called_on"]), days["met_on"])
        return cls(**days, **rest, own_contact=own, hard=(owed["standing"] == "dishonest").to_numpy())


def days_of(column: pd.Series) -> Days:
    """Return a column of days as an array."""
    return column.to_numpy().astype("datetime64[D]")


def conditions(step: Step, items: Items, taken: dict[str, Days], written: Days, policy: Policy) -> list[Condition]:
    """Return the step's conditions with the day from which each holds: the step may be taken on the last of these days."""
    asked = []
    last: Any = last_of_month if step.end_of_month else (lambda days: days)
    if step.days_late is not None:
        need = step.days_late + (items.patient * policy.patience_days if step.code == "reminder_1" else 0)
        asked.append(Condition("days-late", need, last(items.due + need * A_DAY)))
    timed = step.days_late == 0 or step.after or step.since_contact
    if timed and not step.days_late and step.code != "courtesy":
        asked.append(Condition("days-late", 1, items.due + A_DAY))  # due today is not late
    if step.code == "reminder_1":
        asked.append(Condition("resend-grace", policy.resend_grace, items.resent_on + policy.resend_grace * A_DAY))
    if step.since_contact:
        asked.append(Condition("since-contact", step.since_contact, items.own_contact + step.since_contact * A_DAY))
    if step.after:
        quick = items.hard & (step.code in HAND_OVERS)
        wait = np.where(quick, policy.hard_hand_over, step.after_days)
        asked.append(Condition("after", wait, last(_anchor(step, items, taken, written) + wait * A_DAY), step.after))
    return asked


def _anchor(step: Step, items: Items, taken: dict[str, Days], written: Days) -> Days:
    """Return the day that the step's `after_days` count from; for a step that was left out, that of the last one taken."""
    if step.after == "invoice":
        return np.where(np.isnat(items.issued), items.due, items.issued)
    after = written if step.after == "written" else taken[step.after]
    return np.where(np.isnat(after), items.last_on, after)


def skips(step: Step, items: Items, policy: Policy) -> Array:
    """Tell which items do not take this step at all: a courtesy notice that comes too late, amounts under the minimum."""
    small: Array = items.account_gross < step.minimum
    if step.code == "courtesy":
        return small | (items.days_late > 0) | ((items.open < policy.courtesy_minimum) & ~items.tardy)
    return small
