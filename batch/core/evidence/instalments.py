"""An agreed instalment plan and the money that came since → the instalments that were missed."""

import pandas as pd

from batch.core.calendar import plus_business_days
from batch.core.evidence.known import Known, latest
from batch.core.lookup import look_up


def missed(known: Known) -> pd.DataFrame:
    """An agreed instalment's day passed, days of grace included, and less had come by then than was agreed; or a comment says so.

    An event `instalment` is one payment of the plan: its `until` (else its day) and its `amount`.
    """
    told = known.still_open(known.speaking("instalment_missed"))[["debtor_id", "at", "text"]]
    if not known.happened("instalment"):
        return latest(told, "instalment-missed")
    agreed = known.once(_schedule)
    came = agreed[["debtor_id", "start", "deadline"]].reset_index().merge(_money(known), on="debtor_id")
    counts = ~(came["at"] < came["start"]) & ~(came["at"] > came["deadline"])
    received = came["amount"].where(counts, 0).groupby(came["index"]).sum().reindex(agreed.index).fillna(0)
    short = agreed[(agreed["deadline"] < known.as_of) & (received < agreed["needed"])]
    rows = short[["debtor_id", "due", "deadline"]].rename(columns={"due": "at", "deadline": "since"}).assign(text="")
    fact = latest(pd.concat([rows[["debtor_id", "at", "text"]], told]), "instalment-missed")
    return fact.assign(since=look_up(fact["debtor_id"], rows.groupby("debtor_id")["since"].max()))


def _schedule(known: Known) -> pd.DataFrame:
    """Return the instalments of the plans that were not cancelled since: due, deadline, `needed` in all by then, plan's start."""
    turns = known.of("plan_agreed", "plan_cancelled").groupby("debtor_id").tail(1)
    cancelled = turns.loc[turns["kind"] == "plan_cancelled", "debtor_id"]
    start = turns[turns["kind"] == "plan_agreed"].set_index("debtor_id")["at"].dt.floor("D")
    rows = known.of("instalment")
    rows = rows[~rows["debtor_id"].isin(cancelled)]
    since = look_up(rows["debtor_id"], start)
    since = since.fillna(look_up(rows["debtor_id"], rows.groupby("debtor_id")["at"].min().dt.floor("D")))
    rows = rows.assign(start=since, due=rows["until"].fillna(rows["at"]))
    rows = rows[rows["at"] >= rows["start"]].sort_values("due", kind="stable").reset_index(drop=True)
    holidays = known.policy.holidays.get(known.policy.country, frozenset())
    needed = rows["amount"].clip(lower=1).groupby(rows["debtor_id"]).cumsum()
    deadline = plus_business_days(rows["due"], known.policy.promise_grace, holidays)
    return rows[["debtor_id", "start", "due"]].assign(deadline=deadline, needed=needed)


def _money(known: Known) -> pd.DataFrame:
    """Return what the debtors with a plan paid: debtor_id, at (missing: a part payment of unknown day), amount."""
    mine = known.invoices[known.invoices["debtor_id"].isin(known.once(_schedule)["debtor_id"])]
    parts = known.payments.merge(mine[["item_id", "debtor_id"]], on="item_id")
    rest = mine[~mine["item_id"].isin(parts["item_id"]) & (mine["amount"] > mine["open"])]
    whole = rest[["debtor_id"]].assign(at=rest["paid_on"], amount=rest["amount"] - rest["open"])
    return pd.concat([parts.loc[parts["at"] <= known.as_of, ["debtor_id", "at", "amount"]], whole], ignore_index=True)


FACTS = (missed,)
