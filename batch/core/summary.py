"""Aged items, accounts, standings and steps → partial sums that add up (key figures, buckets, standings, steps)."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from batch.core.aging import bucket_names
from batch.core.calendar import stamp
from batch.core.policy import Policy
from batch.core.tables import BUCKETS, BY_STANDING, BY_STEP, KPIS


@dataclass(frozen=True)
class Summary:
    """Sums over all debtors: tables.KPIS, BUCKETS, BY_STANDING and BY_STEP."""

    kpis: pd.DataFrame
    buckets: pd.DataFrame
    by_standing: pd.DataFrame
    by_step: pd.DataFrame


def sum_up(
    items: pd.DataFrame, aged: pd.DataFrame, accounts: pd.DataFrame, standings: pd.DataFrame, steps: pd.DataFrame,
    policy: Policy, as_of: dt.date,
) -> Summary:  # fmt: skip
    """Return the Summary of one plan; every table has one row per currency and group."""
    judged = accounts.merge(standings[["debtor_id", "standing"]], on="debtor_id")
    by_standing = _added_up(judged, ["standing", "currency"], ["open", "overdue"])
    moving = steps[steps["step"] != ""]
    by_step = _added_up(moving, ["step", "channel", "currency"], ["asked"])
    return Summary(
        kpis=_kpis(items, aged, accounts, policy, as_of),
        buckets=_buckets(aged, policy),
        by_standing=BY_STANDING.conform(by_standing.reset_index()),
        by_step=BY_STEP.conform(by_step.reset_index()),
    )


def _added_up(rows: pd.DataFrame, by: list[str], columns: list[str], counted: str = "debtors") -> pd.DataFrame:
    """Return the sums of the columns by group (the index), and how many rows each group has."""
    groups = rows.groupby(by)
    return groups[columns].sum().assign(**{counted: groups.size()})


def _kpis(
    items: pd.DataFrame, aged: pd.DataFrame, accounts: pd.DataFrame, policy: Policy, as_of: dt.date
) -> pd.DataFrame:
    """Return KPIS; DSO is what is open divided by what was invoiced in the period, times the days of the period."""
    since = stamp(as_of - dt.timedelta(days=policy.dso_days))
    recent = items.loc[items["issued"] > since, ["kind", "currency", "amount"]]
    invoiced = recent[recent["kind"].isin(["invoice", "credit_note"])].groupby("currency")["amount"].sum()
    counted = accounts.assign(overdue_debtors=(accounts["overdue"] > 0).astype("int64"))
    sums = _added_up(counted, ["currency"], ["open", "overdue", "unallocated", "overdue_debtors"])
    base = invoiced.reindex(sums.index).astype("float64")
    sums["dso_days"] = np.where(base > 0, sums["open"] / base * policy.dso_days, np.nan)
    late = aged.loc[aged["overdue"], ["currency", "open", "days_late"]]
    days = (late["open"] * late["days_late"]).groupby(late["currency"]).sum().reindex(sums.index)
    sums["weighted_days_late"] = days / late.groupby("currency")["open"].sum().reindex(sums.index)
    return KPIS.conform(sums.reset_index())


def _buckets(aged: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return BUCKETS with a row for every bucket, empty ones too; credits are not in any bucket."""
    owed = aged[aged["bucket"] != ""]
    names = bucket_names(policy.buckets)
    index = pd.MultiIndex.from_product([sorted(aged["currency"].unique()), names], names=["currency", "bucket"])
    sums = _added_up(owed, ["currency", "bucket"], ["open"], counted="items")
    return BUCKETS.conform(sums.reindex(index, fill_value=0).reset_index())
