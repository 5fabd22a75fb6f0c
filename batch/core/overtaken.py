"""The plan that was reviewed and the plan of today → which items of each mail are no longer what its text says.

A mail names what is asked, what is set off, what is not due yet. Where one of these was paid, corrected or contested since, the
text is no longer true, and the account waits for a new one; an invoice that is new leaves the old text true.
"""

import pandas as pd

from batch.core.ladder.pauses import LEFT_OUT
from batch.core.lookup import look_up
from batch.core.plan import Plan
from batch.core.settled import lists_open_only
from batch.core.tables import ACCOUNT, OVERTAKEN

PAID = ("paid", "part-paid")  # the codes that mean money came in


def overtaken(shown: Plan, now: Plan) -> pd.DataFrame:
    """Return OVERTAKEN: each changed item of the accounts that took a step in `shown`, in the order of that plan.

    What an export of open items has lost was settled; what a fuller export has lost is gone, and nobody knows why.
    """
    acting = shown.account_steps.loc[shown.account_steps["step"] != "", ACCOUNT]
    silent = shown.item_steps.loc[shown.item_steps["blocked_by"].isin(LEFT_OUT), "item_id"]
    told = shown.items[(shown.items["open"] != 0) & ~shown.items["item_id"].isin(silent)].merge(acting, on=ACCOUNT)
    here = now.items.drop_duplicates("item_id").set_index("item_id")
    still = look_up(told["item_id"], here["open"].astype("float64"))
    contested = look_up(told["item_id"], here["disputed"].astype("float64")).eq(1) & ~told["disputed"]
    currency = look_up(told["item_id"], here["currency"])
    code = _codes(told, still, now).mask(still.eq(told["open"]) & contested, "disputed")
    code = code.mask(currency.notna() & (currency != told["currency"]), "moved")
    told = told.assign(code=code, was=told["open"], now=still.fillna(0).astype("int64"))
    found = [told[told["code"] != ""], _new_credits(shown, now, acting)]
    return OVERTAKEN.conform(pd.concat([one[list(OVERTAKEN.columns)] for one in found], ignore_index=True))


def _codes(told: pd.DataFrame, still: pd.Series, now: Plan) -> pd.Series:
    """Return what became of each item that was told; `still` is what is open of it now, missing where it is not there."""
    was, lost = told["open"], still.isna()
    numbers = pd.MultiIndex.from_frame(now.ledger.items[["debtor_id", "number"]])
    moved = pd.MultiIndex.from_frame(told[["debtor_id", "number"]]).isin(numbers)
    code = pd.Series("", index=told.index, dtype="str")
    code = code.mask(still > was, "raised").mask(still < was, "part-paid").mask((still <= 0) & (was > 0), "paid")
    code = code.mask(lost, "paid" if lists_open_only(now.ledger) else "gone").mask(lost & moved, "moved")
    return code.mask((was < 0) & (code != ""), "credit-changed")


def _new_credits(shown: Plan, now: Plan, acting: pd.DataFrame) -> pd.DataFrame:
    """Return the credits and payments that no reviewer has seen: the mail would ask for too much."""
    seen = shown.items.loc[shown.items["open"] < 0, "item_id"]
    new = now.items[(now.items["open"] < 0) & ~now.items["item_id"].isin(seen)].merge(acting, on=ACCOUNT)
    return new.assign(code="credit-new", was=0, now=new["open"])
