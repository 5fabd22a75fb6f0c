"""The interest of chosen items line by line: by segment of one principal and one rate, and day by day, for a dossier.

Interest is rounded once per item. A segment's figure is its exact interest rounded down, and the minor units that are then missing to
the item's figure go one by one to the segments that lost most: each line is within one minor unit of its exact value, most are
exactly its rounding, and the lines add up to CHARGES. The days of a segment share its figure evenly.
"""

import datetime as dt

import numpy as np
import pandas as pd

from batch.core.calendar import days_between, stamp
from batch.core.charges.interest import YEAR, charged_items, points_on, rounded
from batch.core.charges.tariffs import tariff
from batch.core.lookup import look_up
from batch.core.policy import Charging
from batch.core.tables import INTEREST, INTEREST_DAYS

_ONE_DAY = pd.Timedelta(days=1)


def segments(
    items: pd.DataFrame, aged: pd.DataFrame, payments: pd.DataFrame, names: pd.Series, noticed: pd.Series,
    charging: Charging, as_of: dt.date, opened: pd.Series | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return INTEREST for the overdue items among `items`: one row for each stretch of days with one principal and one rate.

    The arguments are those of interest.charge, and the sums by item are its figures; `weight` / 3,650,000 is the exact interest.
    """
    late = charged_items(items, aged, names, noticed, charging, as_of, opened)
    late = late[late["start"] < late["until"]]
    paid = _paid(late, payments, as_of)
    since = paid[paid["last"] > paid["until"]].groupby("item_id")["paid"].sum()  # owed as long as interest ran
    late = late.assign(open=late["open"] + look_up(late["item_id"], since).fillna(0).astype("int64"))
    rows = _ends(late, paid.loc[paid["last"] <= paid["until"], ["item_id", "last", "paid"]], charging)
    if rows.empty:
        return INTEREST.empty()
    rows["last_before"] = rows.groupby("item_id", sort=False)["last"].shift().fillna(rows["start"])
    paid_then = rows.groupby("item_id", sort=False)["paid"].cumsum() - rows["paid"]
    whole = rows.groupby("item_id", sort=False)["paid"].transform("sum")
    rows["principal"] = rows["open"] + whole - paid_then
    rows["days"] = days_between(rows["last_before"], rows["last"]).astype("int64")
    rows["basis_points"] = _points(rows, charging)
    rows["weight"] = rows["principal"] * rows["days"] * rows["basis_points"]
    rows["interest"] = _shared(rows)
    rows["first"] = rows["last_before"] + _ONE_DAY
    return INTEREST.conform(rows[list(INTEREST.columns)])


def day_by_day(parts: pd.DataFrame) -> pd.DataFrame:
    """Return INTEREST_DAYS, one row for every day of the segments; the figures of a segment's days add up to its own."""
    rows = parts.loc[parts.index.repeat(parts["days"])].reset_index(names="segment")
    place = rows.groupby("segment").cumcount()
    until, before = (
        (2 * rows["interest"] * count + rows["days"]) // (2 * rows["days"]) for count in (place + 1, place)
    )
    day = rows["first"] + pd.to_timedelta(place, unit="D")
    return INTEREST_DAYS.conform(rows.assign(day=day, interest=until - before)[list(INTEREST_DAYS.columns)])


def _paid(late: pd.DataFrame, payments: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return what was paid on each item by day since it bears interest: item_id, until (its last day with interest), last, paid."""
    rows = payments[payments["at"] <= stamp(as_of)].merge(late[["item_id", "start", "until"]], on="item_id")
    rows = rows[rows["at"] > rows["start"]]
    sums: pd.DataFrame = rows.groupby(["item_id", "until", "at"])["amount"].sum().reset_index()
    return sums.set_axis(["item_id", "until", "last", "paid"], axis=1)


def _ends(late: pd.DataFrame, paid: pd.DataFrame, charging: Charging) -> pd.DataFrame:
    """Return a row for the last day of each segment, in order: payments, half-years that end, and the last day with interest."""
    kept = late[["item_id", "tariff", "start", "until", "open"]]
    changes = pd.DataFrame(
        [
            (name, rate.since - dt.timedelta(days=1))
            for name in late["tariff"].unique().tolist()
            if not (its := tariff(name, charging)).at_start
            for rate in its.rates
        ],
        columns=["tariff", "last"],
    ).astype({"tariff": "str", "last": "datetime64[s]"})
    halves = kept.merge(changes, on="tariff")
    halves = halves[(halves["last"] > halves["start"]) & (halves["last"] < halves["until"])]
    ends = pd.concat([kept.assign(last=kept["until"]), halves, paid.merge(kept, on="item_id")], ignore_index=True)
    ends["paid"] = ends["paid"].fillna(0).astype("int64") if "paid" in ends else 0
    keys = ["item_id", "tariff", "start", "open", "last"]
    return ends.groupby(keys)["paid"].sum().reset_index()


def _points(rows: pd.DataFrame, charging: Charging) -> np.ndarray:
    points = np.zeros(len(rows), dtype="int64")
    for name in rows["tariff"].unique().tolist():
        its, mine = tariff(name, charging), (rows["tariff"] == name).to_numpy()
        if its.rates:
            days = (rows["start"] + _ONE_DAY) if its.at_start else rows["last"]
            points[mine] = points_on(days[mine], its.rates)
    return points


def _shared(rows: pd.DataFrame) -> pd.Series:
    """Return each row's interest so that an item's rows add up to its rounded figure (largest remainders)."""
    down, lost = rows["weight"] // YEAR, rows["weight"] % YEAR
    sums = rows.assign(down=down).groupby("item_id", sort=False)[["weight", "down"]].transform("sum")
    missing = rounded(sums["weight"]) - sums["down"]
    place = lost.groupby(rows["item_id"], sort=False).rank(method="first", ascending=False)
    shared: pd.Series = down + (place <= missing)
    return shared
