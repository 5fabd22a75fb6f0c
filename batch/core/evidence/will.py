"""Will they pay: promises, announced cheques, silence, new orders, other invoices paid meanwhile. Most are hard facts."""

import pandas as pd

from batch.core.calendar import days_between, plus_days
from batch.core.evidence.dispute import disputed_items, raised_in_person
from batch.core.evidence.known import Known, counted, latest
from batch.core.keys import NONE
from batch.core.lookup import latest_day, look_up
from batch.core.tables import ACCOUNT

_NOTICE_SILENCE = 8  # days of silence after a formal notice
_LONG_OVERDUE = 30  # days late before new orders or other payments tell something
WRITTEN = ("reminder_1", "reminder_2")


def promise_broken(known: Known) -> pd.DataFrame:
    """A promised day passed and the invoice is still open; several broken promises are one fact."""
    broken = known.promises[known.promises["state"] == "broken"]
    told = known.speaking("promise_broken", kinds=("comment",))
    rows = pd.concat(
        [broken[["debtor_id", "until"]].rename(columns={"until": "at"}), told[["debtor_id", "at", "text"]]]
    )
    fact = latest(rows.reindex(columns=["debtor_id", "at", "text"]), "promise-broken")
    if broken.empty:
        return fact
    last = broken.groupby("debtor_id")["deadline"].max()
    return fact.assign(since=plus_days(look_up(fact["debtor_id"], last), 1))


def promise_kept(known: Known) -> pd.DataFrame:
    """A promise was kept."""
    return counted(known.promises[known.promises["state"] == "kept"], "promise-kept")


def promise_running(known: Known) -> pd.DataFrame:
    """A promise has not run out yet; `at` is the promised day."""
    running = known.promises[known.promises["state"] == "running"]
    return latest(running[["debtor_id"]].assign(at=running["until"]), "promise-running")


def cheque_not_received(known: Known) -> pd.DataFrame:
    """A cheque or transfer was said to be on its way, and nothing came for ten days."""
    announced = known.speaking("cheque_sent")
    paid = known.paid.groupby("debtor_id")["paid_on"].max()
    waited = days_between(announced["at"], known.as_of)
    nothing = ~(look_up(announced["debtor_id"], paid) >= announced["at"])
    oldest = known.late.groupby("debtor_id")["due"].min()
    concerned = announced["item_id"].isin(known.late["item_id"]) | (
        (announced["item_id"] == NONE) & (look_up(announced["debtor_id"], oldest) <= announced["at"])
    )
    dated = announced[(waited >= known.policy.cheque_grace) & nothing & concerned]
    fact = latest(pd.concat([dated, known.speaking("cheque_not_received")]), "cheque-not-received")
    if "at" not in fact:
        return fact
    waited = days_between(fact["at"], known.as_of).fillna(0)
    return fact.assign(days=waited, since=plus_days(fact["at"].dt.floor("D"), known.policy.cheque_grace))


def _written(known: Known) -> pd.DataFrame:
    """Return the written reminders that arrived about invoices still overdue and not contested."""
    written = known.steps.of(*WRITTEN, columns=["debtor_id", "item_id", "step", "at"])
    return written[written["item_id"].isin(known.once(_uncontested)["item_id"])]


def _uncontested(known: Known) -> pd.DataFrame:
    """Return the overdue invoices that nobody contests: not paying the others says nothing of the will to pay."""
    return known.late[~known.late["item_id"].isin(known.once(disputed_items)["item_id"])]


def _silent_since(known: Known, since: pd.Series) -> pd.Series:
    """Return for debtors (index) with a first day whether nothing was heard or promised from that day on."""
    voices = known.of("replied", "promised", "disputed", "plan_agreed", "met")
    reached = known.said[known.said["kind"].eq("called") & ~known.said["meaning"].isin(["no_answer", "wrong_number"])]
    heard = pd.concat([voices[["debtor_id", "at"]], reached[["debtor_id", "at"]]]).groupby("debtor_id")["at"].max()
    paid = known.money.reindex(since.index)
    return ~(heard.reindex(since.index) >= since) & ~(paid >= since)


def silence_after_reminders(known: Known) -> pd.DataFrame:
    """Two written reminders about one invoice arrived and nothing was heard: a soft fact."""
    if known.sent.empty:
        return known.sent[["debtor_id"]]
    reminders = known.once(_written)
    twice = reminders[reminders["step"] == "reminder_2"].groupby("debtor_id")["at"].min()
    first = reminders.groupby("debtor_id")["at"].min().reindex(twice.index)
    silent = twice.index[_silent_since(known, first)]
    return counted(reminders[reminders["debtor_id"].isin(silent)].drop_duplicates(["debtor_id", "step", "at"]),
                   "silence-after-reminders")  # fmt: skip


def silence_after_notice(known: Known) -> pd.DataFrame:
    """Two reminders and the formal notice arrived, eight days passed, and nothing was heard."""
    if not known.steps.having("formal_notice"):
        return known.sent.head(0)[["debtor_id"]]
    notices = known.taken("formal_notice")
    notices = notices[notices["item_id"].isin(known.once(_uncontested)["item_id"])]
    last = notices.groupby("debtor_id")["at"].min()
    reminded = known.once(_written)
    last = last[last.index.isin(reminded.loc[reminded["step"] == "reminder_2", "debtor_id"])]
    silent = last.index[_silent_since(known, last) & (days_between(last, known.as_of) >= _NOTICE_SILENCE)]
    fact = counted(notices[notices["debtor_id"].isin(silent)], "silence-after-notice")
    return fact.assign(since=plus_days(look_up(fact["debtor_id"], last).dt.floor("D"), _NOTICE_SILENCE))


def orders_while_late(known: Known) -> pd.DataFrame:
    """New invoices were issued, and not paid, while an older one was already overdue by a month or more today."""
    late = known.once(_uncontested)
    oldest = late[late["days_late"] >= _LONG_OVERDUE].groupby("debtor_id")["due"].min()
    unpaid = known.invoices.loc[known.invoices["open"] > 0, ["debtor_id", "issued", "open", "currency"]]
    since = look_up(unpaid["debtor_id"], oldest)
    orders = unpaid[unpaid["issued"] > since]
    fact = counted(orders, "orders-while-late", amount="open")
    if orders.empty:
        return fact
    told = plus_days(look_up(fact["debtor_id"], oldest), _LONG_OVERDUE)
    newest = look_up(fact["debtor_id"], orders.groupby("debtor_id")["issued"].max())
    return fact.assign(since=newest.where(newest > told, told))


def others_paid_meanwhile(known: Known) -> pd.DataFrame:
    """Other invoices at least as large were paid after the second reminder about this one."""
    reminded = latest_day(known.taken("reminder_2"), "item_id")
    if reminded.empty:
        return known.sent.head(0)[["debtor_id"]]
    late = known.once(_uncontested)
    late = late.assign(reminded=look_up(late["item_id"], reminded)).sort_values("reminded", kind="stable")
    late = late.loc[late["reminded"].notna(), ["debtor_id", "currency", "open", "reminded"]]
    late["owed"] = late.groupby(ACCOUNT)["open"].cummin()  # the smallest reminded by then
    paid = known.paid[["debtor_id", "currency", "amount", "paid_on"]].sort_values("paid_on", kind="stable")
    pairs = pd.merge_asof(
        paid,
        late[[*ACCOUNT, "reminded", "owed"]],
        left_on="paid_on",
        right_on="reminded",
        by=ACCOUNT,
        allow_exact_matches=False,
    )
    found = pairs[pairs["amount"] >= pairs["owed"]]
    fact = counted(found, "others-paid-meanwhile", amount="amount")
    return fact.assign(since=look_up(fact["debtor_id"], found.groupby("debtor_id")["paid_on"].max()))


def late_dispute(known: Known) -> pd.DataFrame:
    """An overdue invoice was first disputed after its formal notice, or after the days that the terms give to contest it.

    `contestation_days` count from the day of issue; 0: the terms set no such period.
    """
    spoken = known.speaking("disputes", kinds=("replied", "called", "met", "promised"))
    raised = raised_in_person(known)
    columns = ["debtor_id", "item_id", "at"]
    rows = pd.concat([raised[columns], spoken[columns]])
    if rows.empty:
        return rows[["debtor_id"]]
    late = known.late[["item_id", "debtor_id", "issued"]]
    whole = rows[rows["item_id"] == NONE].drop(columns="item_id").merge(late, on="debtor_id")
    named_ones = rows[rows["item_id"] != NONE].drop(columns="debtor_id").merge(late, on="item_id")
    rows = pd.concat([whole[whole["issued"] <= whole["at"]], named_ones], ignore_index=True)
    first = rows.sort_values("at", kind="stable").drop_duplicates("item_id")
    notice = look_up(first["item_id"], known.taken("formal_notice").groupby("item_id")["at"].min())
    period = known.policy.contestation_days
    overdue = first["at"] > notice
    if period:
        overdue |= days_between(first["issued"], first["at"].dt.floor("D")) > period
    return latest(first[overdue].assign(text=""), "late-dispute")


FACTS = (promise_broken, promise_kept, promise_running, cheque_not_received, silence_after_reminders,
         silence_after_notice, orders_while_late, others_paid_meanwhile, late_dispute)  # fmt: skip
