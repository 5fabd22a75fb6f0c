"""Items, the journal's last snapshot and the reminders sent → what changed since then, and what the last reminders did.

A snapshot says what was open when something was last recorded or sent. Money that came in is what is open no longer; where the
export lists open items only, what it has dropped was settled.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from batch.core.calendar import stamp
from batch.core.lookup import look_up
from batch.core.records import Ledger
from batch.core.settled import KEY, lists_open_only
from batch.core.tables import CHANGES, EFFECTS

CHANGED = ("collected", "settled", "new", "newly_late", "next_step")


@dataclass(frozen=True)
class Since:
    """What changed since `day` (None: nothing is known of before): tables.CHANGES and EFFECTS."""

    day: dt.date | None
    changes: pd.DataFrame
    effects: pd.DataFrame


NOTHING_BEFORE = Since(None, CHANGES.empty(), EFFECTS.empty())


def since(
    ledger: Ledger, items: pd.DataFrame, aged: pd.DataFrame, item_steps: pd.DataFrame, sent: pd.DataFrame,
    snapshots: pd.DataFrame, as_of: dt.date,
) -> Since:  # fmt: skip
    """Return what changed since the last of SNAPSHOTS before the as-of day; `sent` are the mails and letters that arrived.

    Nothing is said where the snapshot and the ledger share no item: it was another file.
    """
    before = snapshots[snapshots["as_of"] < stamp(as_of)]
    last = before[before["as_of"] == before["as_of"].max()]
    if last.empty or not last["item_id"].isin(items["item_id"]).any():
        return NOTHING_BEFORE
    day = last["as_of"].iloc[0]
    then = _then(ledger, items, last)
    changes = [
        ("collected", then[then["collected"] > 0], "collected"),
        ("settled", then[then["now"] <= 0], "open"),
        *_arrived(items, aged, item_steps, last, day),
    ]
    found = [_counted(rows, column).assign(code=code) for code, rows, column in changes]
    return Since(day.date(), CHANGES.conform(pd.concat(found, ignore_index=True)), _effects(then, sent, day, as_of))


def _then(ledger: Ledger, items: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Return the invoices that were open then: item_id, currency, open (then), now, collected."""
    known = items.drop_duplicates("item_id").set_index("item_id")
    parts = last["item_id"].str.extract(KEY)
    then = last.assign(
        kind=parts["kind"],
        currency=look_up(last["item_id"], known["currency"]),
        now=look_up(last["item_id"], known["open"]),
    )
    then = then[(then["kind"] == "invoice") & (then["open"] > 0)]
    dropped = then["now"].isna()
    if dropped.any() and not lists_open_only(ledger):
        then = then[~dropped]  # left out of a fuller export: nobody knows why
    elif dropped.any():
        then = then.assign(currency=then["currency"].fillna(_currencies(ledger, parts["debtor_id"].loc[then.index])))
    then = then[then["currency"].notna()]
    now = then["now"].fillna(0).clip(lower=0).astype("int64")
    return then.assign(now=now, collected=(then["open"] - now).clip(lower=0))


def _currencies(ledger: Ledger, debtors: pd.Series) -> pd.Series:
    """Return the only currency of each debtor, else the file's only one; missing where there are several."""
    pairs = ledger.items[["debtor_id", "currency"]].drop_duplicates()
    several = pairs["debtor_id"].duplicated(keep=False)
    all_of_them = pairs["currency"].unique()
    known = look_up(debtors, pairs[~several].set_index("debtor_id")["currency"])
    alone = ~debtors.isin(pairs["debtor_id"])
    return known.mask(alone, all_of_them[0]) if len(all_of_them) == 1 else known


def _arrived(
    items: pd.DataFrame, aged: pd.DataFrame, item_steps: pd.DataFrame, last: pd.DataFrame, day: pd.Timestamp
) -> list[tuple[str, pd.DataFrame, str]]:
    """Return the open invoices that are new, that have become late, and that take a further step now."""
    owed = items[(items["kind"] == "invoice") & (items["open"] > 0)]
    late = owed["item_id"].isin(aged.loc[aged["overdue"], "item_id"])
    rising = item_steps.loc[item_steps["advances"] & (item_steps["last_step"] != ""), "item_id"]
    return [
        ("new", owed[~owed["item_id"].isin(last["item_id"]) & ~(owed["issued"] < day)], "open"),
        ("newly_late", owed[late & (owed["due"] >= day)], "open"),
        ("next_step", owed[owed["item_id"].isin(rising)], "open"),
    ]


def _counted(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows.groupby("currency")[column].agg(items="size", amount="sum").reset_index()


def _effects(then: pd.DataFrame, sent: pd.DataFrame, day: pd.Timestamp, as_of: dt.date) -> pd.DataFrame:
    """Return EFFECTS: by step, the invoices reminded since the snapshot's day that were open then, and what came of it."""
    about = sent[(sent["at"] >= day) & (sent["at"] < stamp(as_of)) & (sent["step"] != "")]
    rows = about.drop_duplicates("item_id", keep="last")[["item_id", "step"]].merge(then, on="item_id")
    rows = rows.assign(paid=(rows["now"] <= 0).astype("int64"))
    groups = rows.groupby(["step", "currency"])
    sums = groups[["open", "paid", "collected"]].sum().assign(items=groups.size())
    return EFFECTS.conform(sums.reset_index())
