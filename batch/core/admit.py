"""Reviewed rows + the plan recomputed + the plan of today → which mails may leave now, and why the others may not.

Nothing that a person approved is taken on trust: the text must be the one that was shown, and every step that the mail takes
must still be due today, with all that is known today (events journalled since, what the person typed, the calendar).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from batch.core.calendar import is_business_day
from batch.core.lookup import look_up
from batch.core.overtaken import PAID
from batch.core.plan import Plan
from batch.core.policy import Policy
from batch.core.refusals import KINDS, refused_on
from batch.core.tables import ACCOUNT, ADMISSIONS

_APPROVAL = "approval"  # the decision of a row that nobody has looked at and somebody must
_SAID = {
    "hold": "held", "skip": "skipped", "call": "called", "closed": "closed", "": "not-approved", _APPROVAL: "needs-approval",
}  # fmt: skip
NOT_A_BUSINESS_DAY = "weekend-or-holiday"  # the reason of a row that waits for nothing but such a day
_WRITTEN = ("mail", "letter")
# Where a row that was approved has no mail: what is to be done instead.
_BY_HAND = {"call": "by-telephone", "task": "by-telephone", "dossier": "by-dossier"}
# Steps whose text gives the customer until a day counted from the plan's own: at least eight of the fifteen days must be left.
_DATED = ("formal_notice", "plan_offer")
_DATED_DAYS = 7


def unattended(decisions: pd.DataFrame, shown: Plan, policy: Policy) -> pd.DataFrame:
    """Return DECISIONS as they stand where nobody reviews: a mail whose step needs approval waits, whatever is typed there.

    So does the first contact about invoices later than the policy's first_run_hold. An earlier unattended run has filled the
    journal, but nobody has looked at them since.
    """
    steps = shown.account_steps.set_index(ACCOUNT)[["approval", "channel"]].reindex(_keys(decisions))
    asks = (steps["approval"].eq("needed") | steps.index.isin(_first_and_old(shown, policy))) & steps["channel"].isin(
        _WRITTEN
    )
    waits = asks.to_numpy() & decisions["decision"].isin(["send", "hold"])
    return decisions.assign(decision=decisions["decision"].mask(waits, _APPROVAL))


def _first_and_old(shown: Plan, policy: Policy) -> pd.MultiIndex:
    """Return the accounts whose step is the first about all its items, one of them later than first_run_hold."""
    moving = shown.item_steps[shown.item_steps["advances"]].merge(shown.aged[["item_id", "days_late"]], on="item_id")
    begun = _keys(moving[moving["last_step"] != ""])
    old = _keys(moving[moving["days_late"] > policy.first_run_hold])
    return old[~old.isin(begun)]


def admit(
    decisions: pd.DataFrame, shown: Plan, now: Plan, digests: Mapping[tuple[str, str], str], claimed: pd.DataFrame,
    overtaken: pd.DataFrame, policy: Policy, today: dt.date,
) -> pd.DataFrame:  # fmt: skip
    """Return ADMISSIONS for every row of DECISIONS, the first reason that stands against a row winning.

    `shown` is the plan recomputed as the reviewer saw it, `now` the plan of today; `digests` are those of the messages rendered
    again from `shown`; `claimed` has item_id, step, round, at and state of every mail that was claimed (journal); `overtaken`
    (OVERTAKEN) has what of the mails is no longer true.
    """
    rows = decisions[[*ACCOUNT, "decision", "digest", "email", "understood"]].reset_index(drop=True)
    steps = shown.account_steps.set_index(ACCOUNT)
    keys = pd.MultiIndex.from_frame(rows[ACCOUNT])
    rendered = pd.Series([digests.get(key, "") for key in keys.to_list()], index=rows.index, dtype="str")
    taken, sent_on = _claimed(shown, claimed)
    unclear, _ = _claimed(shown, claimed[claimed["state"] == "uncertain"])
    lines, still = _binding(shown), _lines(now)
    lapsed = lines[~pd.MultiIndex.from_frame(lines[["item_id", "next_step"]]).isin(
        pd.MultiIndex.from_frame(still[["item_id", "next_step"]]))]  # fmt: skip
    lapsed_rows = keys.isin(_keys(lapsed))
    address = _addresses(rows, shown, now)
    refused = refused_on(rows["debtor_id"], address, now.events[now.events["kind"].isin(KINDS)])["at"]
    channel = steps["channel"].reindex(keys).reset_index(drop=True)
    objections: list[tuple[Any, Any]] = [
        (~rows["understood"], "not-understood"),
        (rows["decision"] != "send", rows["decision"].map(_SAID).fillna("not-approved")),
        (~keys.isin(steps.index), "not-in-plan"),
        (keys.isin(unclear), "uncertain-mail"),
        (keys.isin(taken), "already-sent"),
        (rendered == "", channel.map(_BY_HAND).fillna("no-message")),
        (rendered != rows["digest"], "text-differs"),
        (keys.isin(_keys(overtaken[overtaken["code"].isin(PAID)])), "paid-since"),
        (keys.isin(_keys(overtaken)), "changed-since"),
        (lapsed_rows, _why_not(keys, now)),
        (keys.isin(_keys(_dated(shown, today))), "deadline-near"),
        (address == "", channel.map({"letter": "by-post"}).fillna("no-address")),
        (refused.notna(), "address-refused"),
        (~_business_day(rows, now, policy, today), NOT_A_BUSINESS_DAY),
    ]
    reason = pd.Series("", index=rows.index, dtype="str")
    for holds, code in objections:
        reason = reason.mask((reason == "") & holds, code)
    admitted = reason == ""
    return ADMISSIONS.conform(
        rows[ACCOUNT].assign(
            admitted=admitted,
            reason=reason.mask(admitted, "approved"),
            reason_on=_on(keys, now)
            .where(lapsed_rows)
            .mask(reason == "already-sent", sent_on.reindex(keys).to_numpy())
            .mask(reason == "address-refused", refused),
            email=address,
        )
    )


def _dated(shown: Plan, today: dt.date) -> pd.DataFrame:
    """Return the accounts whose text names a day that is too near by now."""
    steps = shown.account_steps
    return steps[steps["step"].isin(_DATED) & ((today - shown.as_of).days > _DATED_DAYS)]


def _keys(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[ACCOUNT])


def _binding(shown: Plan) -> pd.DataFrame:
    """Return the lines that must still hold: a courtesy notice inside a reminder is only listed there, and may have run out."""
    lines = _lines(shown)
    lead = shown.account_steps.set_index(ACCOUNT)["step"].reindex(_keys(lines)).to_numpy()
    binding: pd.DataFrame = lines[lines["next_step"].ne("courtesy") | (lead == "courtesy")]
    return binding


def _lines(plan: Plan) -> pd.DataFrame:
    """Return the items that take a step in the plan."""
    return plan.item_steps.loc[plan.item_steps["advances"], ["item_id", *ACCOUNT, "next_step", "round"]]


def _claimed(shown: Plan, claimed: pd.DataFrame) -> tuple[pd.MultiIndex, pd.Series]:
    """Return the accounts whose mail was claimed before, line by line, and the day it was."""
    lines = _lines(shown).merge(
        claimed[["item_id", "step", "round", "at"]],
        left_on=["item_id", "next_step", "round"],
        right_on=["item_id", "step", "round"],
    )
    return _keys(lines), lines.groupby(ACCOUNT)["at"].max()


def _why_not(keys: pd.MultiIndex, now: Plan) -> pd.Series:
    """Return what blocks each account today, or that it changed."""
    blocked = now.account_steps.set_index(ACCOUNT)["blocked_by"].reindex(keys).fillna("paid-since")
    return blocked.mask(blocked == "", "changed-since").reset_index(drop=True)


def _on(keys: pd.MultiIndex, now: Plan) -> pd.Series:
    return now.account_steps.set_index(ACCOUNT)["next_on"].reindex(keys).reset_index(drop=True)


def _addresses(rows: pd.DataFrame, shown: Plan, now: Plan) -> pd.Series:
    """Return where each mail goes: the address typed in the row, else the last one that was journalled, else the reviewed one."""
    given = now.events[now.events["kind"] == "address"].groupby("debtor_id")["value"].last()
    ledger = shown.ledger.debtors.set_index("debtor_id")["email"]
    known = look_up(rows["debtor_id"], given).fillna(look_up(rows["debtor_id"], ledger)).fillna("")
    return rows["email"].where(rows["email"] != "", known)


def _business_day(rows: pd.DataFrame, now: Plan, policy: Policy, today: dt.date) -> pd.Series:
    """Tell for each row whether today is a business day in the debtor's country."""
    country = look_up(rows["debtor_id"], now.ledger.debtors.set_index("debtor_id")["country"]).fillna("")
    country = country.where(country != "", policy.country)
    works = {code: is_business_day(today, policy.holidays.get(code, frozenset())) for code in country.unique().tolist()}
    return country.map(works).astype("bool")
