"""Items and an as-of date → items as they stood that day, days late, buckets, and totals by debtor and currency."""

import datetime as dt

import numpy as np
import pandas as pd

from batch.core.calendar import days_between, stamp
from batch.core.lookup import look_up
from batch.core.tables import ACCOUNT, ACCOUNTS, AGED


def as_they_stood(items: pd.DataFrame, payments: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return ITEMS at the end of the as-of day: what was issued later is gone, what was settled later is open again.

    Where every invoice was issued on the day it is due, the file has no issue days: then nothing is known to be issued later.
    A dated payment after that day is added back; an item without dated payments that was settled later is open in full.
    """
    day = stamp(as_of)
    dated = bool((items["issued"] != items["due"]).any()) or not bool((items["kind"] == "invoice").any())
    known = (items[~(items["issued"] > day)] if dated else items).copy()
    later = payments[payments["at"] > day].groupby("item_id")["amount"].sum()
    given_back = look_up(known["item_id"], later).fillna(0).astype("int64")
    settled_later = (known["paid_on"] > day) & (given_back == 0) & (known["open"] == 0)
    known["open"] = np.where(settled_later, known["amount"], known["open"] + given_back)
    known["paid_on"] = known["paid_on"].where(~(known["paid_on"] > day))
    return known.reset_index(drop=True)


def bucket_names(bounds: tuple[int, ...]) -> tuple[str, ...]:
    """Return the names of the buckets for these upper bounds: (30, 60) → not_due, 1-30, 31-60, 60+."""
    lower = (0, *bounds)
    return ("not_due", *(f"{low + 1}-{high}" for low, high in zip(lower, bounds, strict=False)), f"{bounds[-1]}+")


def age(items: pd.DataFrame, as_of: dt.date, bounds: tuple[int, ...]) -> pd.DataFrame:
    """Return AGED for every item that is still open: due today is not late, a bucket's upper bound belongs to it."""
    open_items = items[items["open"] != 0]
    late = days_between(open_items["due"], stamp(as_of)).fillna(0).astype("int64")
    owed = open_items["open"] > 0
    place = np.searchsorted(np.array((0, *bounds)), late.to_numpy(), side="left")
    names = np.array(bucket_names(bounds), dtype=object)
    return AGED.conform(
        pd.DataFrame(
            {
                "item_id": open_items["item_id"],
                "debtor_id": open_items["debtor_id"],
                "kind": open_items["kind"],
                "currency": open_items["currency"],
                "open": open_items["open"],
                "days_late": late,
                "overdue": (open_items["kind"] == "invoice") & owed & (late > 0),
                "bucket": np.where(owed, names[place], ""),
            }
        )
    )


def totals(aged: pd.DataFrame) -> pd.DataFrame:
    """Return ACCOUNTS: each debtor's balance per currency, credits not set against an invoice apart."""
    credit = aged["open"] < 0
    parts = pd.DataFrame(
        {
            "debtor_id": aged["debtor_id"],
            "currency": aged["currency"],
            "open": aged["open"],
            "overdue": aged["open"].where(aged["overdue"], 0),
            "not_due": aged["open"].where(~aged["overdue"] & ~credit, 0),
            "unallocated": aged["open"].where(credit, 0),
            "oldest_days_late": aged["days_late"].where(aged["overdue"], 0),
            "overdue_items": aged["overdue"].astype("int64"),
        }
    )
    groups = parts.groupby(ACCOUNT, sort=True)
    sums = groups[["open", "overdue", "not_due", "unallocated", "overdue_items"]].sum()
    return ACCOUNTS.conform(sums.assign(oldest_days_late=groups["oldest_days_late"].max()).reset_index())
