"""Items with their pauses → which of them take their next step today: those of an account go together or wait."""

import numpy as np
import pandas as pd

from batch.core.calendar import not_before, plus_days
from batch.core.codes import GIVEN_OUT
from batch.core.evidence import Known
from batch.core.keys import Array
from batch.core.ladder.choice import each_policy, of_step, setting
from batch.core.ladder.pauses import LEFT_OUT, SET_APART
from batch.core.ladder.rungs import rank_of
from batch.core.lookup import look_up
from batch.core.policy import Policy

NOT_ABOUT_MONEY = ("claim", "solve_dispute")  # steps that leave whatever the balance is
TOGETHER = {"mail": "written", "letter": "written"}  # channels whose steps share one message


def advance(known: Known, owed: pd.DataFrame, unallocated: pd.Series) -> pd.DataFrame:
    """Return `owed` with asked (by account), next_on, `advances`, `leads` and the blocks that come from the account as a whole.

    `unallocated` are the credits of each account, `given` says whether something of it was handed over. Of the items that
    advance, those lead whose step is the highest of their account.
    """
    out = owed["last_step"].isin(GIVEN_OUT)
    given = (out | (owed["blocked_by"] == "handed-over")).groupby(owed["account"]).transform("any")
    owed = owed.assign(asked=_asked(owed, out, unallocated), given=given)
    return _compatible(_suppressed(_candidates(known, owed), known.policy), known.policy)


def _asked(owed: pd.DataFrame, out: pd.Series, unallocated: pd.Series) -> pd.Series:
    """Return what each item's account may be asked for by its step: what is overdue and not set apart, less credits.

    What was handed over (`out`) is asked for only by the steps that follow there.
    """
    account = owed["account"]
    asked_for = owed["open"].where(owed["overdue"] & ~owed["blocked_by"].isin([*SET_APART, *LEFT_OUT]), 0)
    whole, own = (one.groupby(account).transform("sum") for one in (asked_for, asked_for.mask(out, 0)))
    asked: pd.Series = whole.where(owed["next_step"].isin(GIVEN_OUT), own) + look_up(account, unallocated)
    return asked.clip(lower=0)


def _candidates(known: Known, owed: pd.DataFrame) -> pd.DataFrame:
    """Say which items could take their next step today, and when the others can."""
    task = owed["next_step"].isin(NOT_ABOUT_MONEY)
    near = (
        (owed["blocked_by"] == "")
        & (owed["free_on"] > known.as_of)
        & owed["overdue"]
        & ~task
        & (owed["next_step"] != "")
    )
    ended = (owed["next_step"] == "") & (owed["blocked_by"] == "")
    least = setting(owed, known.policy, lambda chosen: chosen.item_tolerance)
    crumb = (owed["blocked_by"] == "") & (owed["open"] < least) & ~task
    near &= ~crumb
    blocked = owed["blocked_by"].mask(near, "gap").mask(ended, "ladder-end").mask(crumb, "below-tolerance")
    until = owed["blocked_until"].mask(near, plus_days(owed["free_on"], -1))
    paused = pd.concat([owed["ready_on"], plus_days(until, 1)], axis=1).max(axis=1)
    endless = blocked.ne("") & until.isna()
    return owed.assign(
        blocked_by=blocked,
        blocked_until=until,
        advances=(blocked == "") & (owed["ready_on"] <= known.as_of),
        next_on=not_before(paused.mask(endless), known.as_of),
    )


def _suppressed(owed: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Stop what asks for money where credits cover the overdue sum or hardly anything is left to ask for."""
    money = owed["advances"] & ~owed["next_step"].isin(NOT_ABOUT_MONEY)
    left = owed["asked"].where(owed["overdue"], _coming(owed))
    covered = money & (left <= 0)
    small = money & (left < setting(owed, policy, lambda chosen: chosen.tolerance)) & ~covered
    little = money & (left < _minimum(owed, policy)) & ~covered & ~small
    blocked = owed["blocked_by"].mask(covered, "credits-cover").mask(small, "below-tolerance")
    blocked = blocked.mask(little, "below-minimum")
    stopped = covered | small | little
    return owed.assign(blocked_by=blocked, advances=owed["advances"] & ~stopped, next_on=owed["next_on"].mask(stopped))


def _coming(owed: pd.DataFrame) -> pd.Series:
    """Return what a courtesy notice would name for each item's account: credits are set off where nothing is overdue."""
    soon = owed["open"].where(owed["advances"] & ~owed["overdue"], 0).groupby(owed["account"]).transform("sum")
    late = owed["overdue"].groupby(owed["account"]).transform("any")
    coming: pd.Series = soon + (owed["account_open"] - owed["account_gross"]).mask(late, 0)
    return coming


def _minimum(owed: pd.DataFrame, policy: Policy) -> Array | int:
    """Return what an account must at least be asked for, by policy and currency, before anything leaves."""
    if not any(chosen.minimum for chosen in (policy, *policy.named.values())):
        return 0
    least = np.zeros(len(owed), dtype="int64")
    for chosen, rows in each_policy(owed, policy):
        least[rows] = owed["currency"].iloc[rows].map(dict(chosen.minimum)).fillna(0)
    return least


def _compatible(owed: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Keep, among an account's items, those that the channel of its highest step can carry: one contact per account and run."""
    carried = of_step(owed, owed["next_step"], policy, lambda step: TOGETHER.get(step.channel, step.code)).fillna("")
    # A dossier is no contact with the debtor: it leads only where nothing is to be written or said.
    dossier = of_step(owed, owed["next_step"], policy, lambda step: step.channel) == "dossier"
    rank = rank_of(owed["next_step"]).mask(dossier & ~owed["next_step"].isin(NOT_ABOUT_MONEY), 0)
    rank = rank.where(owed["advances"], -1)
    leads = owed["advances"] & (rank == rank.groupby(owed["account"]).transform("max"))
    lead_channel = look_up(owed["account"], carried[leads].groupby(owed["account"]).first())
    together = owed["advances"] & (carried == lead_channel)
    waits = owed["advances"] & ~together
    return owed.assign(
        advances=together,
        leads=leads,
        blocked_by=owed["blocked_by"].mask(waits, "gap"),
        next_on=owed["next_on"].mask(
            waits, plus_days(owed["next_on"], setting(owed, policy, lambda chosen: chosen.gap_days))
        ),
    )
