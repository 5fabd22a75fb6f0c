"""Habit: how the customer paid before."""

import pandas as pd

from batch.core.evidence.known import Known

ENOUGH = 3  # paid invoices that make a habit
GROWING = 3  # paid invoices in a row whose delays grow
GROWN = 8  # days the last of them was late at least


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


def growing(known: Known) -> pd.DataFrame:
    """The last three paid invoices were each later than the one before, the last at least eight days."""
    last = (
        known.paid[["debtor_id", "due", "delay"]].sort_values("due", kind="stable").groupby("debtor_id").tail(GROWING)
    )
    step = last.groupby("debtor_id")["delay"].diff()
    rising = (step > 0).groupby(last["debtor_id"]).sum()
    final = last.drop_duplicates("debtor_id", keep="last").set_index("debtor_id")["delay"]
    held = final[(rising.reindex(final.index) == GROWING - 1) & (final >= GROWN)]
    return pd.DataFrame({"n": GROWING, "days": held, "code": "delays-growing"}).rename_axis("debtor_id").reset_index()


FACTS = (on_time, short, late, first_invoice, growing)
