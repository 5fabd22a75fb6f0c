"""A ledger of open items only and the journal's snapshots → the same ledger, with what has gone since as paid history.

Such an export never says that an invoice was paid: it just drops out. What a snapshot held open and this export no longer
holds was settled between the two; week by week that is a habit of payment.
"""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from batch.core.calendar import days_between, no_days, stamp
from batch.core.lookup import look_up
from batch.core.problem import Problem, Severity, Source
from batch.core.records import Ledger
from batch.core.tables import ITEMS

# Beyond this many days between the two days, the middle says nothing about how the customer pays.
LONGEST = 31
KEY = r"^(?P<debtor_id>.*?)\|(?P<kind>invoice|credit_note|payment)\|(?P<number>.*)\|(?P<due>\d{4}-\d\d-\d\d)\|\d+$"


def lists_open_only(ledger: Ledger) -> bool:
    """Say whether the export holds open items and no settled one: only then does it say something by what it lacks."""
    return not ledger.items.empty and bool((ledger.items["open"] != 0).all())


def with_disappeared(ledger: Ledger, snapshots: pd.DataFrame, as_of: dt.date) -> Ledger:
    """Return the ledger with its `gone` items: invoices of earlier SNAPSHOTS that an export of open items only has lost.

    Each counts as settled in the middle between the last snapshot that held it open and the next snapshot, or the as-of day.
    Nothing is concluded from a file that holds settled items, or that shares no number with the last snapshot (another
    selection, another file), nor about a number that the debtor still has under another due date. DISAPPEARED-SETTLED says
    how many there are; only those of debtors in this file are kept, the others owe nothing.
    """
    before = snapshots[snapshots["as_of"] < stamp(as_of)]
    if before.empty or not lists_open_only(ledger):
        return ledger
    here = pd.MultiIndex.from_frame(ledger.items[["debtor_id", "number"]])
    last = before[before["as_of"] == before["as_of"].max()]
    if not _numbers(last["item_id"]).isin(here).any():
        facts = {"n": len(last), "day": last["as_of"].iloc[0].date()}
        return _saying(ledger, Problem("SNAPSHOT-FOREIGN", Severity.WARNING, _source(ledger), facts))
    seen = before[(before["open"] > 0) & ~before["item_id"].isin(ledger.items["item_id"])]
    gone = _settled(seen, sorted({*before["as_of"].tolist(), stamp(as_of)}))
    gone = _invoices(gone)
    gone = gone[~pd.MultiIndex.from_frame(gone[["debtor_id", "number"]]).isin(here)]
    if gone.empty:
        return ledger
    facts = {"n": len(gone), "first": gone["seen"].min().date(), "last": gone["missing"].max().date()}
    said = Problem("DISAPPEARED-SETTLED", Severity.INFO, _source(ledger), facts)
    return replace(_saying(ledger, said), gone=_items(gone, ledger))


def _numbers(item_ids: pd.Series) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(item_ids.str.extract(KEY)[["debtor_id", "number"]])


def _source(ledger: Ledger) -> Source:
    return Source(ledger.source.file, ledger.source.sheet)


def _saying(ledger: Ledger, problem: Problem) -> Ledger:
    return replace(ledger, problems=(*ledger.problems, problem))


def _settled(seen: pd.DataFrame, days: list[pd.Timestamp]) -> pd.DataFrame:
    """Return item_id, open, the last day on which each item was seen, the first on which it was missing, and the middle."""
    latest = seen.sort_values("as_of", kind="stable").drop_duplicates("item_id", keep="last").reset_index(drop=True)
    known = pd.Series(days).astype("datetime64[s]")
    place = np.searchsorted(known.to_numpy(), latest["as_of"].to_numpy(), side="right")
    missing = known.take(place).reset_index(drop=True)
    between = days_between(latest["as_of"], missing)
    middle = (latest["as_of"] + pd.to_timedelta((between + 1) // 2, unit="D")).astype("datetime64[s]")
    told = latest.rename(columns={"as_of": "seen"}).assign(missing=missing, paid_on=middle)
    return told[between <= LONGEST]


def _invoices(gone: pd.DataFrame) -> pd.DataFrame:
    """Keep the invoices, with what their keys say of them."""
    parts = gone["item_id"].str.extract(KEY)
    told = gone.join(parts.assign(due=pd.to_datetime(parts["due"]).astype("datetime64[s]")))
    return told[told["kind"] == "invoice"]


def _items(gone: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Return ITEMS of what is gone; the currency is the debtor's only one in this file, and who has several is left out.

    The day of issue is not in the key: the due date stands in for it, as it does in a ledger without issue dates.
    """
    pairs = ledger.items[["debtor_id", "currency"]].drop_duplicates()
    only = pairs[~pairs["debtor_id"].duplicated(keep=False)].set_index("debtor_id")["currency"]
    table = gone.assign(currency=look_up(gone["debtor_id"], only))
    table = table[table["currency"].notna()]
    never = no_days(table.index)
    texts = dict.fromkeys(("payment_mode", "reference", "note", "source_sheet"), "")
    return ITEMS.conform(
        table.drop(columns=["seen", "missing"]).assign(
            issued=table["due"], sent_on=never, amount=table["open"], open=0, disputed=False, hold_until=never,
            retention=False, source_row=0, **texts,
        )
    )  # fmt: skip
