"""Every open invoice → what pauses it: a promise, a hold, a dispute, a plan, an answer, a mail of unknown fate."""

import pandas as pd

from batch.core.calendar import no_days, plus_days
from batch.core.evidence import Known
from batch.core.evidence.ability import plans_in_force
from batch.core.evidence.dispute import disputed_items
from batch.core.keys import NONE
from batch.core.ladder.choice import NOT_KNOWN, setting
from batch.core.lookup import look_up

NOT_CHASED = ("direct_debit", "bill_of_exchange", "card")
# What stops single items while the others of their account go on: shown in a message, and not asked for.
SET_APART = ("disputed-items", "hold", "promise-running", "plan-in-force", "direct-debit", "retention", "resend-grace")
# What no message speaks of any more: taken out by a person, or in the hands of somebody else.
LEFT_OUT = ("closed", "handed-over", "claim-filed", "never")
# What an answer means and the standing that acts on it: where the standing does not follow, the answer pauses instead.
ACTED_ON = {
    "not_received": "invoice_lost",
    "wrong_contact": "invoice_lost",
    "asks_time": "in_difficulty",
    "cash_trouble": "in_difficulty",
    "disputes": "disputed",
    "insolvency": "insolvent",
}


def pause(known: Known, owed: pd.DataFrame) -> pd.DataFrame:
    """Return `owed` with blocked_by (reason code, "" = free) and blocked_until (last day of the pause, missing = open end)."""
    code = pd.Series("", index=owed.index, dtype="str")
    until = no_days(owed.index)
    for found in PAUSES:
        name, holds, end = found(known, owed)
        if not holds.any():
            continue
        first = holds & (code == "")
        code, until = code.mask(first, name), until.mask(first, end)
    return owed.assign(blocked_by=code, blocked_until=until)


def _concerned(owed: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Tell which items these events are about: by item, or by debtor where the event names no invoice."""
    if rows.empty:
        return pd.Series(data=False, index=owed.index)
    whole = rows[(rows["item_id"] == NONE) & (rows["number"] == "")]
    return owed["item_id"].isin(rows["item_id"]) | owed["debtor_id"].isin(whole["debtor_id"])


def _still_placed(known: Known, kind: str) -> pd.DataFrame:
    """Return the last event of this kind for each debtor and item that no person released since.

    A release of the whole debtor ends what was placed on its items too; freeing an uncertain mail ends nothing.
    """
    if not known.happened(kind):
        return known.of()
    rows = known.of(kind, "released")
    rows = rows[rows["message_id"] == ""]
    last = rows.groupby(["debtor_id", "item_id", "number"]).tail(1)
    released = last[(last["kind"] == "released") & (last["item_id"] == NONE) & (last["number"] == "")]
    freed = look_up(last["debtor_id"], released.groupby("debtor_id")["at"].max())
    return last[(last["kind"] == kind) & ~(freed >= last["at"])]


def never(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items whose policy is never to send anything."""
    holds = pd.Series(data=False, index=owed.index) | setting(owed, known.policy, lambda chosen: chosen.never)
    return "never", holds, no_days(owed.index)


def unknown_policy(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items for which the ledger names a policy that is not known: nothing leaves before a person corrects it."""
    del known
    return "policy-unknown", owed["policy"] == NOT_KNOWN, no_days(owed.index)


def insolvency(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items of debtors whose insolvency was recorded, where the policy follows days alone and no claim is proposed."""
    if not known.happened("insolvency"):
        return "insolvency", pd.Series(data=False, index=owed.index), no_days(owed.index)
    alone = setting(owed, known.policy, lambda chosen: not chosen.classification)
    return "insolvency", owed["debtor_id"].isin(known.of("insolvency")["debtor_id"]) & alone, no_days(owed.index)


def closed(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items a person took out, until a person takes them up again."""
    last = _still_placed(known, "closed")
    return "closed", _concerned(owed, last), no_days(owed.index)


def uncertain(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items of debtors with a mail that may or may not have arrived: nothing leaves before a person says so."""
    rows = known.of("uncertain", "released")
    last = rows.drop_duplicates("message_id", keep="last")  # a mail that is tried again has the id of the first try
    freed = last.loc[(last["kind"] == "released") & (last["message_id"] != ""), "message_id"]
    open_mails = rows[(rows["kind"] == "uncertain") & ~rows["message_id"].isin(freed)]
    return "uncertain-mail", owed["debtor_id"].isin(open_mails["debtor_id"]), no_days(owed.index)


def handed_over(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items that were handed over: those named, else those that were due when the debtor was."""
    given = known.of("handed_over")
    since = given[(given["item_id"] == NONE) & (given["number"] == "")].groupby("debtor_id")["at"].max()
    due_then = owed["due"] <= look_up(owed["debtor_id"], since)
    return "handed-over", due_then | owed["item_id"].isin(given["item_id"]), no_days(owed.index)


def plan(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items of debtors with an instalment plan in force."""
    plans = known.once(plans_in_force).set_index("debtor_id")["until"]
    return "plan-in-force", owed["debtor_id"].isin(plans.index), look_up(owed["debtor_id"], plans)


def hold(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items on hold until a day that has not passed, by the ledger or by a person; a release ends a hold.

    A standing "current" that a person typed over an overdue item holds it until it is typed otherwise.
    """
    placed = _still_placed(known, "held")
    placed = placed[~(placed["until"] < known.as_of)]
    by_item = placed[placed["item_id"] != NONE].set_index("item_id")["until"]
    whole = placed[(placed["item_id"] == NONE) & (placed["number"] == "")].set_index("debtor_id")["until"]
    written = owed["hold_until"] >= known.as_of
    end = owed["hold_until"].where(written).fillna(look_up(owed["item_id"], by_item))
    end = end.fillna(look_up(owed["debtor_id"], whole))
    spared = (owed["standing"] == "current") & owed["overdue"]
    return "hold", written | spared | _concerned(owed, placed), end


def promise(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items that were promised and whose promise, with its days of grace, still runs."""
    running = known.promises[known.promises["state"] == "running"]
    by_item = running[running["item_id"] != NONE].groupby("item_id")["deadline"].max()
    whole = running[running["item_id"] == NONE].groupby("debtor_id")["deadline"].max()
    end = look_up(owed["item_id"], by_item).fillna(look_up(owed["debtor_id"], whole))
    return "promise-running", end.notna(), end


def disputed(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the contested items: they leave the ladder, the others go on."""
    return "disputed-items", owed["item_id"].isin(known.once(disputed_items)["item_id"]), no_days(owed.index)


def not_chased(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items paid by direct debit, bill of exchange or card that were not rejected."""
    rejected = _concerned(owed, known.of("debit_rejected"))
    return "direct-debit", owed["payment_mode"].isin(NOT_CHASED) & ~rejected, no_days(owed.index)


def retention(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return guarantee retentions before their own date."""
    return "retention", owed["retention"] & (owed["due"] >= known.as_of), owed["due"]


def unclear(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items of debtors whose answer since our last contact says nothing that is understood: a person reads it."""
    return "waiting-reply", *_answered(known, owed, understood=False)


def answer(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items of debtors who answered since our last contact that they pay or have paid, without a date."""
    return "answer-pause", *_answered(known, owed, understood=True)


def _answered(known: Known, owed: pd.DataFrame, *, understood: bool) -> tuple[pd.Series, pd.Series]:
    if not known.happened("replied"):
        return pd.Series(data=False, index=owed.index), no_days(owed.index)
    replied = known.of("replied")
    told = known.said[known.said["kind"] == "replied"]
    standing = owed.drop_duplicates("debtor_id").set_index("debtor_id")["standing"]
    follows = told["meaning"].map(ACTED_ON) == look_up(told["debtor_id"], standing)
    acted = told[follows | told["meaning"].eq("disputes")]  # contested items are set apart whatever the standing
    when = _moments(replied)
    chosen = replied[~when.isin(_moments(acted)) & (when.isin(_moments(told)) == understood)]
    last = chosen.groupby("debtor_id")["at"].max()
    since = look_up(owed["debtor_id"], last).dt.floor("D")
    end = plus_days(since, setting(owed, known.policy, lambda chosen: chosen.answer_pause) - 1)
    contacted = owed["last_contact"] > look_up(owed["debtor_id"], last)
    return (end >= known.as_of) & ~contacted, end


def _moments(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[["debtor_id", "at"]])


def resent(known: Known, owed: pd.DataFrame) -> tuple[str, pd.Series, pd.Series]:
    """Return the items whose invoice was sent again, in their days of grace."""
    grace = setting(owed, known.policy, lambda chosen: chosen.resend_grace)
    end = plus_days(owed["resent_on"].dt.floor("D"), grace - 1)
    return "resend-grace", end >= known.as_of, end


PAUSES = (
    never,
    unknown_policy,
    insolvency,
    closed,
    uncertain,
    handed_over,
    plan,
    hold,
    promise,
    disputed,
    not_chased,
    retention,
    unclear,
    answer,
    resent,
)
