"""Accounts that take a step today → the step after it and the first day for it, if nothing happens meanwhile."""

from typing import Any

import numpy as np
import pandas as pd

from batch.core.calendar import A_DAY, last_of_month
from batch.core.codes import HAND_OVERS
from batch.core.evidence import Known
from batch.core.keys import Array
from batch.core.ladder.choice import setting
from batch.core.ladder.rungs import road
from batch.core.policy import Step


def following(known: Known, steps: pd.DataFrame) -> pd.DataFrame:
    """Return next_step and next_on after the step taken today, if nothing happens meanwhile."""
    next_step, next_on = np.full(len(steps), "", dtype=object), np.full(len(steps), np.datetime64("NaT", "s"))
    gross = (steps["open"] - steps["unallocated"]).to_numpy()
    least = setting(steps, known.policy, lambda chosen: max((step.minimum for step in chosen.steps), default=0))
    keys = ["policy", "standing", "nature", "step", gross >= least]
    groups: dict[Any, Any] = dict(steps.groupby(keys, sort=False).indices)
    for (name, standing, nature, code, _), mine in groups.items():
        policy = known.policy.called(name)
        by_code = {step.code: step for step in policy.steps}
        codes = road(policy, standing, nature)
        if code == "resend_invoice":
            after, waits = "reminder_1", policy.resend_grace
        elif code == "plan_offer":
            after, waits = "", policy.offer_wait
        elif code in codes and codes.index(code) + 1 < len(codes):
            after, waits = _next_rung(codes, code, by_code, gross[mine].max()), policy.gap_days
            if standing == "dishonest" and after in HAND_OVERS:
                waits = policy.hard_hand_over
        else:
            continue
        next_step[mine] = after or steps["ladder_step"].to_numpy()[mine]
        at_once = after in HAND_OVERS and standing == "dishonest"
        next_on[mine] = _earliest(None if at_once else by_code.get(after), steps, mine, waits, known)
    return pd.DataFrame({"next_step": pd.Series(next_step, dtype="str"), "next_on": next_on}).set_axis(steps.index)


def _next_rung(codes: tuple[str, ...], code: str, by_code: dict[str, Step], largest: int) -> str:
    """Return the rung after this one, leaving out a meeting that none of these accounts is large enough for."""
    later = codes[codes.index(code) + 1 :]
    return next((rung for rung in later if by_code[rung].minimum <= largest), "")


def _earliest(step: Step | None, steps: pd.DataFrame, mine: Array, waits: int, known: Known) -> Array:
    """Return the first day on which these accounts can take the step after today's (None: any)."""
    today = np.full(len(mine), known.as_of.to_datetime64())
    soonest = today + waits * A_DAY
    if step is None:
        return soonest
    oldest, issued = (steps[name].to_numpy()[mine] for name in ("oldest_due", "first_issued"))
    anchor = np.where(np.isnat(issued), oldest, issued) if step.after == "invoice" else today
    days = [anchor + step.after_days * A_DAY] if step.after else []
    if step.days_late is not None:
        days.append(oldest + step.days_late * A_DAY)
    if step.end_of_month:
        days = [last_of_month(day) for day in days]
    earliest: Array = np.fmax.reduce([*days, soonest, today + step.since_contact * A_DAY])
    return earliest
