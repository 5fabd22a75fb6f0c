"""Items, payments and rates → late interest and the fixed recovery sum, per overdue item.

Simple interest, actual/365, on the open amount including tax (code de commerce L441-10 II, D441-5). Day d bears interest if
due < d <= as-of; its rate is that of the half-year it lies in, its principal what was open at the start of d. Since a payment
lowers the principal from the next day on, an item is the sum of pieces, each bearing interest from the day after the due
date: the open amount until the as-of day, every dated payment until its own day.
"""

import datetime as dt

import numpy as np
import pandas as pd

from batch.core.calendar import A_DAY, days_between, stamp
from batch.core.charges.tariffs import NOTHING, Tariff, tariff
from batch.core.lookup import look_up
from batch.core.policy import Charging, Rate
from batch.core.tables import CHARGES

YEAR = 365 * 10_000  # days times basis points in one: a weight divided by it is minor units


def charge(
    items: pd.DataFrame, aged: pd.DataFrame, payments: pd.DataFrame, names: pd.Series, noticed: pd.Series,
    charging: Charging, as_of: dt.date, opened: pd.Series | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return CHARGES for every overdue item, without the fees that a policy may ask for (ladder.with_fees).

    `names` maps debtor_id to its tariff (tariffs.tariff_names); `noticed` maps item_id to the day of its formal notice, from
    which consumers owe the legal rate (code civil 1231-6); `opened` maps debtor_id to the day on which insolvency proceedings
    were opened, the last day of interest on what was issued before (code de commerce L622-28).
    """
    late = charged_items(items, aged, names, noticed, charging, as_of, opened)
    pieces = _pieces(late, payments, as_of)
    interest = pieces.assign(weight=_weights(pieces, charging)).groupby("item_id")["weight"].sum()
    dated = payments[payments["at"] <= stamp(as_of)].groupby("item_id")["amount"].sum()
    paid = look_up(late["item_id"], dated).fillna(0).astype("int64")
    return CHARGES.conform(
        pd.DataFrame(
            {
                "item_id": late["item_id"],
                "debtor_id": late["debtor_id"],
                "currency": late["currency"],
                "interest": rounded(look_up(late["item_id"], interest).fillna(0).astype("int64")),
                "fixed_sum": _fixed_sums(late, charging),
                "fees": 0,
                "estimated": late["amount"] - late["open"] > paid,
            }
        )
    )


def charged_items(
    items: pd.DataFrame, aged: pd.DataFrame, names: pd.Series, noticed: pd.Series, charging: Charging, as_of: dt.date,
    opened: pd.Series | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the overdue items with `tariff`, `start` (last day without interest; NaT = bears none) and `until` (last day with).

    Arguments as for `charge`.
    """
    late = items.loc[items["open"] > 0, ["item_id", "debtor_id", "currency", "amount", "open", "issued", "due"]]
    late = late[late["item_id"].isin(aged.loc[aged["overdue"], "item_id"])].reset_index(drop=True)
    late["tariff"] = look_up(late["debtor_id"], names).fillna(NOTHING)
    late["start"] = late["due"]
    for name in late["tariff"].unique().tolist():
        if tariff(name, charging).from_notice:
            late["start"] = late["due"].where(late["tariff"] != name, look_up(late["item_id"], noticed))
    late["until"] = stamp(as_of)
    if opened is not None and len(opened):
        frozen = look_up(late["debtor_id"], opened).dt.floor("D")
        late["until"] = late["until"].mask((late["issued"] <= frozen) & (frozen < late["until"]), frozen)
    return late


def _fixed_sums(late: pd.DataFrame, charging: Charging) -> np.ndarray:
    """Return the fixed sum of each item: once, in its own currency only."""
    sums = np.zeros(len(late), dtype="int64")
    for name in late["tariff"].unique().tolist():
        its = tariff(name, charging)
        if its.fixed_sum:
            sums[((late["tariff"] == name) & (late["currency"] == its.currency)).to_numpy()] = its.fixed_sum
    return sums


def _pieces(late: pd.DataFrame, payments: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return item_id, principal, tariff, start (last day without interest) and end (last day with interest) of each piece."""
    still = late.assign(principal=late["open"], end=late["until"])
    columns = ["item_id", "tariff", "start", "principal", "end"]
    paid = payments[payments["item_id"].isin(late["item_id"]) & (payments["at"] <= stamp(as_of))]
    if paid.empty:
        return still[columns]
    paid = paid.merge(late, on="item_id", suffixes=("_paid", ""))
    paid = paid.assign(principal=paid["amount_paid"], end=np.fmin(paid["at"], paid["until"]))
    return pd.concat([still[columns], paid[columns]], ignore_index=True)


def _weights(pieces: pd.DataFrame, charging: Charging) -> pd.Series:
    """Return principal times days times basis points of each piece, summed over the half-years."""
    weight = pd.Series(0, index=pieces.index, dtype="int64")
    for name in pieces["tariff"].unique().tolist():
        its = tariff(name, charging)
        mine = pieces[(pieces["tariff"] == name) & pieces["start"].notna()]
        if len(mine) and its.rates:
            weight[mine.index] = _fixed(mine, its) if its.at_start else _segmented(mine, its.rates)
    return weight


def _segmented(pieces: pd.DataFrame, rates: tuple[Rate, ...]) -> pd.Series:
    """Return the weight where each half-year carries its own rate."""
    start, end = (pieces[name].to_numpy().astype("datetime64[D]") for name in ("start", "end"))
    principal, weight = pieces["principal"].to_numpy(), np.zeros(len(pieces), dtype="int64")
    day_before = [np.datetime64(rate.since, "D") - A_DAY for rate in rates]
    for rate, first, last in zip(rates, day_before, [*day_before[1:], end.max()], strict=True):
        if first < end.max() and last > start.min():
            days = (np.minimum(end, last) - np.maximum(start, first)).astype("int64").clip(min=0)
            weight += principal * days * rate.basis_points
    return pd.Series(weight, index=pieces.index)


def _fixed(pieces: pd.DataFrame, its: Tariff) -> pd.Series:
    """Return the weight where the rate is fixed at the half-year in which interest began (public bodies)."""
    points = points_on(pieces["start"] + pd.Timedelta(days=1), its.rates)
    days = days_between(pieces["start"], pieces["end"]).clip(lower=0).astype("int64")
    weight: pd.Series = pieces["principal"] * days * points
    return weight


def points_on(days: pd.Series, rates: tuple[Rate, ...]) -> np.ndarray:
    """Return the rate in force on each day, in basis points; 0 before the first that is known."""
    since = np.array([rate.since for rate in rates], dtype="datetime64[D]")
    place = np.searchsorted(since, days.to_numpy().astype("datetime64[D]"), side="right")
    return np.array([0, *(rate.basis_points for rate in rates)], dtype="int64")[place]


def rounded(weight: pd.Series) -> pd.Series:
    """Return the weight in minor units, rounded half up, once per item."""
    return (2 * weight + YEAR) // (2 * YEAR)
