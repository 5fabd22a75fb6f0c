"""Habit: how the customer paid before."""

import numpy as np
import pandas as pd

from batch.core.evidence.known import Known
from batch.core.tables import ACCOUNT

ENOUGH = 3  # paid invoices that make a habit
TREND = 5  # the last paid invoices that a trend is read from
STRAY = 2  # steps fewer than invoices that must go the same way: among five, one may go against the trend
NOTABLE = 8  # days late from which a trend matters
LONG = 2  # years of a long relation
UNUSUAL = 3  # times the mean of the paid invoices


def weighted_delay(paid: pd.DataFrame, late: pd.DataFrame) -> pd.Series:
    """Return each debtor's mean days late weighted by amount, open overdue invoices counted as of today."""
    rows = pd.concat(
        [
            paid[["debtor_id", "amount"]].assign(days=paid["delay"]),
            late[["debtor_id"]].assign(amount=late["open"], days=late["days_late"]),
        ]
    )
    product = (rows["amount"] * rows["days"]).groupby(rows["debtor_id"]).sum()
    return product / rows.groupby("debtor_id")["amount"].sum().clip(lower=1)


def habits(known: Known) -> pd.DataFrame:
    """Return per debtor: `m` paid invoices, `n` of them in time, `days` mean delay (early payment counts as negative)."""
    paid = known.paid
    rows = pd.DataFrame({"debtor_id": paid["debtor_id"], "delay": paid["delay"], "in_time": paid["delay"] <= 0})
    groups = rows.groupby("debtor_id")
    return pd.DataFrame({"m": groups.size(), "n": groups["in_time"].sum(), "days": groups["delay"].mean()})


def on_time(known: Known) -> pd.DataFrame:
    """Most of at least three paid invoices were paid by their due date, or on average hardly late."""
    habit = known.once(habits)
    good = habit[(habit["m"] >= ENOUGH) & (2 * habit["n"] > habit["m"])]
    return good.reset_index().assign(code="habit-on-time")


def short(known: Known) -> pd.DataFrame:
    """One or two invoices so far, most of them paid in time."""
    habit = known.once(habits)
    good = habit[(habit["m"] < ENOUGH) & (2 * habit["n"] >= habit["m"])]
    return good.reset_index().assign(code="habit-short")


def late(known: Known) -> pd.DataFrame:
    """Half of the paid invoices or more were paid late; `days` is the mean delay weighted by amount, open ones as of today."""
    habit = known.once(habits)
    bad = habit[(2 * habit["n"] <= habit["m"]) & ((habit["m"] >= ENOUGH) | (2 * habit["n"] < habit["m"]))]
    weighted = weighted_delay(known.paid, known.late).reindex(bad.index)
    late_ones = bad["m"] - bad["n"]
    return bad.assign(days=weighted, n=late_ones, code="habit-late").reset_index()


def first_invoice(known: Known) -> pd.DataFrame:
    """No paid invoice is known yet."""
    new = known.debtors.loc[~known.debtors["debtor_id"].isin(known.paid["debtor_id"]), ["debtor_id"]]
    return new.assign(code="first-invoice")


def last_delays(known: Known) -> pd.DataFrame:
    """Return, per debtor, of the last five paid invoices by due date: n, rises and falls from one to the next, and delays.

    `first`, `last`, `lowest`, `highest` are days late. Invoices due on one day are no step.
    """
    paid = known.paid
    order = np.lexsort((paid["delay"], paid["due"], paid["debtor_id"]))
    debtors, due, delay = (paid[name].to_numpy()[order] for name in ("debtor_id", "due", "delay"))
    concerned, count = np.unique(debtors, return_counts=True)
    n, end = np.minimum(count, TREND), np.cumsum(count)
    # A row for each debtor, the last invoice on the right; where there are fewer, the first is repeated: that is no step.
    place = np.maximum(end[:, None] - np.arange(TREND, 0, -1), (end - n)[:, None])
    days, later = delay[place], np.diff(due[place], axis=1) > np.timedelta64(0, "s")
    step = np.where(later, np.diff(days, axis=1), 0)
    told = {
        "n": n, "rises": (step > 0).sum(axis=1), "falls": (step < 0).sum(axis=1),
        "first": days[:, 0], "last": days[:, -1], "lowest": days.min(axis=1), "highest": days.max(axis=1),
    }  # fmt: skip
    return pd.DataFrame(told, index=pd.Index(concerned, name="debtor_id"))


def growing(known: Known) -> pd.DataFrame:
    """Over the last five paid invoices (three at least) delays grew to the largest, eight days or more; one may stray of four or five."""
    seen = known.once(last_delays)
    grown = (seen["last"] >= NOTABLE) & (seen["last"] == seen["highest"])
    held = seen[grown & (seen["rises"] >= (seen["n"] - STRAY).clip(lower=ENOUGH - 1))]
    return held[["n"]].assign(days=held["last"], code="delays-growing").reset_index()


def shrinking(known: Known) -> pd.DataFrame:
    """The same trend downwards, from eight days late or more."""
    seen = known.once(last_delays)
    shrunk = (seen["first"] >= NOTABLE) & (seen["last"] == seen["lowest"])
    held = seen[shrunk & (seen["falls"] >= (seen["n"] - STRAY).clip(lower=ENOUGH - 1))]
    return held[["n"]].assign(days=held["last"].clip(lower=0), code="delays-shrinking").reset_index()


def long_relation(known: Known) -> pd.DataFrame:
    """A customer for two years or more; `n` full years."""
    since, today = known.debtors["known_since"].dt, known.as_of
    early = (since.month > today.month) | ((since.month == today.month) & (since.day > today.day))
    years = today.year - since.year - early
    old: pd.DataFrame = known.debtors.loc[years >= LONG, ["debtor_id"]].assign(n=years, code="long-relation")
    return old


def unusual_amount(known: Known) -> pd.DataFrame:
    """An overdue invoice is at least three times (`m`) the mean of three or more paid ones in its currency."""
    paid = known.paid[known.paid["debtor_id"].isin(known.late["debtor_id"])]
    usual = paid.groupby(ACCOUNT)["amount"].agg(["mean", "size"])
    usual = usual[(usual["size"] >= ENOUGH) & (usual["mean"] > 0)].reset_index()
    rows = known.late[[*ACCOUNT, "amount"]].merge(usual, on=ACCOUNT)
    rows = rows[rows["amount"] >= UNUSUAL * rows["mean"]]
    rows = rows.assign(m=rows["amount"] // rows["mean"]).sort_values(["m", "amount", "currency"], kind="stable")
    largest = rows.groupby("debtor_id").tail(1)
    return largest[[*ACCOUNT, "m", "amount"]].assign(code="unusual-amount")


FACTS = (on_time, short, late, first_invoice, growing, shrinking, long_relation, unusual_amount)
