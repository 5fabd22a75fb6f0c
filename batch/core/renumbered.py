"""The journal's events and today's items → the customers whose number in the accounting tool has changed, old number → new.

A change of program gives every customer another number and leaves the invoices theirs. Without this all of them would look new,
and be reminded a second time.
"""

import pandas as pd

from batch.core.settled import KEY

ITEM = ["kind", "number", "due"]
OWN_ADDRESS = "address"  # the kind of event that must never reach another customer


def renumbered(events: pd.DataFrame, items: pd.DataFrame, debtors: pd.DataFrame) -> pd.Series:
    """Return the new debtor_id by the old one.

    Renumbered is who is not in the ledger, while the invoices that the journal knows of them (kind, number and due date) are there
    under one other customer, each once. An invoice without a number says nothing.
    """
    lost = events.loc[~events["debtor_id"].isin(debtors["debtor_id"]) & (events["item_id"] != ""), "item_id"]
    before = lost.drop_duplicates().str.extract(KEY).dropna()
    before = before[before["number"] != ""]
    if before.empty:
        return pd.Series(dtype="str")
    same = items[items["number"].isin(before["number"])]
    here = same["item_id"].str.extract(KEY).assign(new=same["debtor_id"]).drop_duplicates(ITEM, keep=False)
    pairs = before.merge(here[[*ITEM, "new"]], on=ITEM)[["debtor_id", "new"]].drop_duplicates()
    return pairs.drop_duplicates("debtor_id", keep=False).set_index("debtor_id")["new"]


def follow(events: pd.DataFrame, changed: pd.Series) -> pd.DataFrame:
    """Return EVENTS under the new numbers; an address that was typed for the old one stays there, the ledger's own is newer."""
    mine = events["debtor_id"].isin(changed.index) & (events["kind"] != OWN_ADDRESS)
    return events.assign(debtor_id=events["debtor_id"].mask(mine, events["debtor_id"].map(changed)))
