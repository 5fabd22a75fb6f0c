"""Items with their next steps → one step per account (debtor and currency): channel, approval, reason, what comes next."""

import numpy as np
import pandas as pd

from batch.core.evidence import Known
from batch.core.ladder.advancing import NOT_ABOUT_MONEY, advance
from batch.core.ladder.choice import of_step, setting
from batch.core.ladder.following import following
from batch.core.ladder.sideroads import side_steps
from batch.core.lookup import latest_day, look_up
from batch.core.refusals import KINDS, refused_on
from batch.core.tables import ACCOUNT, ACCOUNT_STEPS

_OF_THE_FIRST = ["policy", "next_step", "nature", "side_reason", "side_on", "side_text", "ladder_step", "last_on",
                 "called_on", "given"]  # fmt: skip


def decide(
    known: Known,
    owed: pd.DataFrame,
    accounts: pd.DataFrame,
    standings: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    first_run: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ACCOUNT_STEPS, and `owed` as its accounts let it advance (ladder/advancing)."""
    chosen = accounts[[*ACCOUNT, "open", "overdue", "unallocated"]].reset_index(drop=True)
    owed = advance(known, side_steps(known, owed, evidence), chosen["unallocated"])
    chosen["standing"] = look_up(chosen["debtor_id"], standings.set_index("debtor_id")["standing"])
    told = owed.sort_values("leads", ascending=False, kind="stable").drop_duplicates("account").set_index("account")
    chosen["asked"] = told["asked"].reindex(chosen.index).fillna(0).astype("int64")
    steps = _moving(known, owed, chosen, first_run=first_run)
    quiet = _quiet(known, owed, chosen.drop(index=steps.index))
    table = pd.concat([_with_channel(known, steps), quiet]).sort_index()
    return ACCOUNT_STEPS.conform(known.worded(table[list(ACCOUNT_STEPS.columns)])), owed


def _moving(known: Known, owed: pd.DataFrame, chosen: pd.DataFrame, *, first_run: bool) -> pd.DataFrame:
    """Return the accounts that take a step: the highest among their items, with its reason and what follows it."""
    steps = _led(owed, chosen)
    moving = owed[["account", "days_late", "overdue", "open"]][owed["advances"]]
    oldest = moving.groupby("account")["days_late"].max().reindex(steps.index)
    waits = setting(steps, known.policy, lambda policy: policy.first_run_hold)
    old = first_run & (oldest > waits) & ~steps["step"].isin(NOT_ABOUT_MONEY)
    unknown = steps.index.isin(owed.loc[owed["leads"] & (owed["last_step"] == ""), "account"])
    early = steps["step"] == "courtesy"
    reason = steps["side_reason"].where(steps["side_reason"] != "", "step-due").mask(early, "courtesy-due")
    coming = moving[~moving["overdue"]].groupby("account")["open"].sum().reindex(steps.index)
    credit = steps["unallocated"].where(steps["overdue"] == 0, 0)
    asked = steps["asked"].mask(early, (coming + credit).clip(lower=0)).astype("int64")
    after = following(known, steps)
    return steps.assign(
        old=old,
        reason=reason.mask(old & unknown & (reason == "step-due"), "first-contact-old"),
        reason_days=oldest.abs(),
        reason_on=steps["side_on"].mask(early, steps["oldest_due"]),
        asked=asked,
        reason_amount=asked,
        reason_text=steps["side_text"],
        blocked_by="",
        next_step=after["next_step"],
        next_on=after["next_on"],
    )


def _led(owed: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts with items that lead: their step, what is told of the first, the earliest due and issue days of all."""
    leading = owed[["account", "issued", "due", *_OF_THE_FIRST]][owed["leads"]]
    first = leading.drop_duplicates("account").set_index("account")[_OF_THE_FIRST]
    days = leading.groupby("account")[["due", "issued"]].min()
    return (
        first.rename(columns={"next_step": "step"})
        .join(chosen)
        .assign(oldest_due=days["due"], first_issued=days["issued"])
    )


def _with_channel(known: Known, steps: pd.DataFrame) -> pd.DataFrame:
    """Give each step its channel (a call, else a letter, where there is no usable address), approval and proposal."""
    debtors = known.debtors.set_index("debtor_id")
    channel = of_step(steps, steps["step"], known.policy, lambda step: step.channel).astype("str")
    fallback = of_step(steps, steps["step"], known.policy, lambda step: step.fallback)
    approval = of_step(steps, steps["step"], known.policy, lambda step: step.approval).astype("bool") | steps["old"]
    unusable = (channel == "mail") & _without_address(known, steps["debtor_id"], debtors["email"])
    # A call is none of the written reminders: once it was made in place of one, the next try is by letter.
    called = steps["called_on"].notna() & ~(steps["called_on"] <= steps["last_on"])
    callable_ = ((look_up(steps["debtor_id"], debtors["phone"]) != "") & ~called) | (steps["step"] == "resend_invoice")
    callable_ &= fallback == "call"
    channel = channel.mask(unusable & callable_, "call").mask(unusable & ~callable_, "letter")
    approval |= unusable | (steps["standing"] == "insolvent") | steps["given"]
    person = channel.isin(["call", "task"])
    proposal = pd.Series(np.where(person, "call", np.where(approval, "hold", "send")), index=steps.index)
    return steps.assign(channel=channel, approval=np.where(approval, "needed", "auto"), proposal=proposal)


def _without_address(known: Known, customers: pd.Series, ledger: pd.Series) -> pd.Series:
    """Tell which customers have no address, or one from which a mail came back or that a server refused."""
    given = known.of("address")
    address = look_up(customers, given.groupby("debtor_id")["value"].last()).fillna(look_up(customers, ledger))
    back = latest_day(known.of("bounced"), "debtor_id")
    dead = back.index[~(latest_day(given, "debtor_id").reindex(back.index) >= back)]
    none = (address == "") | customers.isin(dead)
    if not known.happened("refused"):
        return none
    return none | refused_on(customers, address, known.of(*KINDS))["at"].notna()


def _quiet(known: Known, owed: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts that take no step, each with the reason: that of the item that moves first."""
    told = ["account", "next_on", "due", "item_id", "days_late", "blocked_by", "blocked_until", "next_step"]
    waiting = owed[told].assign(later=~owed["overdue"])[owed["account"].isin(chosen.index)]
    waiting = waiting.assign(item_id=known.item_keys.words(waiting["item_id"]))
    order = waiting.sort_values(["later", "next_on", "due", "item_id"], kind="stable")
    first = order.drop_duplicates("account").set_index("account").reindex(chosen.index)
    none = first["due"].isna()
    nothing = ~none & (chosen["overdue"] == 0)
    blocked = first["blocked_by"].fillna("").mask(nothing & (first["blocked_by"] == "gap"), "")
    waits = pd.Series("not-yet", index=chosen.index).mask(nothing, "nothing-overdue")
    reason = waits.mask(blocked != "", blocked)
    reason = reason.mask(
        none, pd.Series(np.where(chosen["open"] < 0, "only-credits", "nothing-open"), index=chosen.index)
    )
    return chosen[[*ACCOUNT, "asked"]].assign(
        step="", channel="", approval="", proposal="",
        reason=reason,
        reason_days=first["days_late"].fillna(0).astype("int64").clip(lower=0),
        reason_on=first["blocked_until"].where(blocked != "", first["next_on"]),
        reason_amount=chosen["unallocated"].abs().where(reason == "credits-cover", chosen["asked"]),
        reason_text="",
        blocked_by=blocked,
        next_step=first["next_step"].fillna(""),
        next_on=first["next_on"],
    )  # fmt: skip
