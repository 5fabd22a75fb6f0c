"""Steps beside the ladder: send the invoice again, offer instalments, solve a dispute, file a claim."""

import numpy as np
import pandas as pd

from batch.core.calendar import not_before, plus_days
from batch.core.evidence import Known
from batch.core.evidence.delivery import unacknowledged
from batch.core.ladder.choice import setting
from batch.core.ladder.pauses import LEFT_OUT
from batch.core.lookup import latest_day, look_up

_LOST = {"said-not-received": "resend-not-received", "wrong-contact": "resend-not-received", "bounced": "resend-bounced",
         "no-address": "resend-no-address"}  # fmt: skip


def side_steps(known: Known, owed: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Return `owed` with the side step in next_step where the standing asks for one.

    Adds ladder_step (what the ladder alone would do), side_reason (reason code, "" on the ladder), side_on and side_text.
    """
    owed = owed.assign(
        ladder_step=owed["next_step"], side_reason="", side_on=owed["resent_on"].mask(owed["due"].notna()), side_text=""
    )
    for turn in (_resend, _offer, _solve, _claim):
        owed = turn(known, owed, evidence)
    return owed


def _turn(
    owed: pd.DataFrame,
    here: pd.Series,
    step: str,
    reason: pd.Series | str,
    on: pd.Series,
    text: pd.Series,
    ready: pd.Series,
) -> pd.DataFrame:
    return owed.assign(
        next_step=owed["next_step"].mask(here, step),
        side_reason=owed["side_reason"].mask(here, reason),
        side_on=owed["side_on"].mask(here, on),
        side_text=owed["side_text"].mask(here, text.fillna("")),
        ready_on=owed["ready_on"].mask(here, ready),
    )


def _fact(owed: pd.DataFrame, evidence: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """Return code, day and text of the first of these facts about each item's debtor (rows as `owed`, missing where none holds)."""
    found = evidence[evidence["code"].isin(codes)]
    order = np.argsort(pd.Index(codes).get_indexer(pd.Index(found["code"])), kind="stable")
    first = found.iloc[order].drop_duplicates("debtor_id").set_index("debtor_id")[["code", "at", "text"]]
    return first.reindex(pd.Index(owed["debtor_id"])).set_axis(owed.index)


def _after_gap(known: Known, owed: pd.DataFrame) -> pd.Series:
    """Return the first day on which the debtor may be contacted again."""
    return not_before(owed["free_on"].fillna(known.as_of), known.as_of)


def _resend(known: Known, owed: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Send the invoice again instead of the next reminder."""
    if "invoice_lost" not in owed["standing"].to_numpy():
        return owed
    fact = _fact(owed, evidence, [*_LOST, *sorted(known.policy.delivery_facts - set(_LOST))])
    reason = fact["code"].map(_LOST).fillna("resend-doubtful")
    noticed = known.taken("formal_notice")["item_id"]
    doubtful = owed["item_id"].isin(known.once(unacknowledged)["item_id"]) & ~owed["item_id"].isin(noticed)
    decided = _fact(owed, evidence, ["override"])["at"]
    doubtful |= decided.notna() & ~(owed["resent_on"] >= decided)
    here = (owed["standing"] == "invoice_lost") & doubtful & owed["overdue"] & (owed["blocked_by"] == "")
    return _turn(owed, here, "resend_invoice", reason, fact["at"], fact["text"], _after_gap(known, owed))


def _offer(known: Known, owed: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Offer instalments once: at once when the debtor asked, else after the first reminder; then wait for the answer."""
    if "in_difficulty" not in owed["standing"].to_numpy():
        return owed
    offers = latest_day(known.taken("plan_offer"), "debtor_id")
    offered = look_up(owed["debtor_id"], offers).dt.floor("D")
    asked = _fact(owed, evidence, ["asks-time", "cash-trouble"])
    reminded = owed.loc[~owed["last_step"].isin(["", "courtesy"]), "debtor_id"]
    free = (owed["standing"] == "in_difficulty") & owed["overdue"] & (owed["blocked_by"] == "")
    here = free & offered.isna() & (asked["code"].notna() | owed["debtor_id"].isin(reminded))
    reason = pd.Series("plan-asked", index=owed.index).mask(asked["code"].isna(), "plan-after-reminder")
    owed = _turn(owed, here, "plan_offer", reason, asked["at"], asked["text"], _after_gap(known, owed))
    last = plus_days(offered, setting(owed, known.policy, lambda chosen: chosen.offer_wait) - 1)
    waits = free & (last >= known.as_of)
    return owed.assign(
        blocked_by=owed["blocked_by"].mask(waits, "offer-wait"), blocked_until=owed["blocked_until"].mask(waits, last)
    )


def _solve(known: Known, owed: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Find out what is wrong: a task, where every overdue item is contested."""
    if "disputed" not in owed["standing"].to_numpy():
        return owed
    fact = _fact(owed, evidence, ["dispute"])
    contested = owed["blocked_by"] == "disputed-items"
    here = contested & (owed["standing"] == "disputed") & owed["overdue"]
    now = owed["due"].mask(here, known.as_of)
    owed = _turn(owed, here, "solve_dispute", "dispute-open", fact["at"], fact["text"], now)
    return owed.assign(blocked_by=owed["blocked_by"].mask(here, ""))


def _claim(known: Known, owed: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """File the claim: what was issued before the opening is frozen, nothing is asked for it any more; once filed, it rests."""
    if "insolvent" not in owed["standing"].to_numpy():
        return owed
    fact = _fact(owed, evidence, ["insolvency", "insolvency-words"])
    opened = latest_day(known.of("insolvency"), "debtor_id")
    issued = look_up(owed["item_id"], known.invoices.drop_duplicates("item_id").set_index("item_id")["issued"])
    frozen = (owed["standing"] == "insolvent") & ~(issued > look_up(owed["debtor_id"], opened))
    frozen &= ~owed["blocked_by"].isin(LEFT_OUT)
    filed = frozen & (owed["last_step"] == "claim")
    owed = owed.assign(
        blocked_by=owed["blocked_by"].mask(filed, "claim-filed"), blocked_until=owed["blocked_until"].mask(filed)
    )
    here = frozen & ~filed
    unknown = fact["at"].isna() | (fact["code"] != "insolvency")
    reason = pd.Series("claim-insolvency", index=owed.index).mask(unknown, "claim-deadline-unknown")
    reason = reason.mask(fact["code"] == "insolvency-words", "insolvency-words")
    now = owed["due"].mask(here, known.as_of)
    owed = _turn(owed, here, "claim", reason, fact["at"].mask(unknown), fact["text"], now)
    return owed.assign(blocked_by=owed["blocked_by"].mask(here, ""), blocked_until=owed["blocked_until"].mask(here))
