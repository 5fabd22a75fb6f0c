"""Dispute: which overdue invoices are contested, by a flag, a word, an answer or a note; and what a person decided."""

import numpy as np
import pandas as pd

from batch.core.calendar import no_days
from batch.core.evidence.known import Known
from batch.core.keys import NONE
from batch.core.lookup import latest_day, look_up


def disputed_items(known: Known) -> pd.DataFrame:
    """Return the contested overdue invoices: item_id, debtor_id, at (missing = undated), text.

    A standing "disputed" that a person typed contests every overdue invoice of the debtor. A later `dispute_solved` of the item or
    of the whole debtor ends a dispute that has a date; an answer that names no invoice concerns every overdue one that was issued
    by then.
    """
    flagged = known.late.loc[known.late["disputed"], ["item_id", "debtor_id", "note"]].rename(columns={"note": "text"})
    decided = override(known)
    typed = decided.loc[decided["text"] == "disputed", ["debtor_id", "at"]].assign(item_id=NONE, text="")
    raised = raised_in_person(known).rename(columns={"note": "text"})
    columns = ["item_id", "debtor_id", "at", "text"]
    rows = pd.concat(
        [
            flagged.assign(at=no_days(flagged.index)),
            known.speaking("disputes")[columns],
            raised[columns],
            typed[columns],
        ]
    )
    late = known.late[["item_id", "debtor_id", "issued"]]
    whole = rows[rows["item_id"] == NONE].drop(columns="item_id").merge(late, on="debtor_id")
    whole = whole[~(whole["issued"] > whole["at"])]
    rows = pd.concat([rows[rows["item_id"].isin(late["item_id"])], whole[columns]], ignore_index=True)
    rows = rows[~_solved(known, rows)].sort_values(["at", "text", "item_id"], kind="stable")
    return rows.drop_duplicates("item_id", keep="last")


def raised_in_person(known: Known) -> pd.DataFrame:
    """Return the disputes that were journalled, about this ledger's invoices or a whole debtor."""
    raised = known.of("disputed")
    return raised[(raised["item_id"] != NONE) | (raised["number"] == "")]


def _solved(known: Known, rows: pd.DataFrame) -> pd.Series:
    if not known.happened("dispute_solved"):
        return pd.Series(data=False, index=rows.index)
    ends = known.of("dispute_solved")
    by_item = ends[ends["item_id"] != NONE].groupby("item_id")["at"].max()
    by_debtor = ends[(ends["item_id"] == NONE) & (ends["number"] == "")].groupby("debtor_id")["at"].max()
    item_end, debtor_end = look_up(rows["item_id"], by_item), look_up(rows["debtor_id"], by_debtor)
    undated = rows["at"].isna()
    return (item_end.notna() & (undated | (item_end >= rows["at"]))) | (
        debtor_end.notna() & (undated | (debtor_end >= rows["at"]))
    )


def dispute(known: Known) -> pd.DataFrame:
    """So many (`n`) of so many (`m`) overdue invoices are contested."""
    rows = known.once(disputed_items)
    if rows.empty:
        return rows[["debtor_id"]].assign(code="dispute")
    fact = rows[["debtor_id", "text"]].drop_duplicates("debtor_id", keep="last")
    debtors = fact["debtor_id"]
    n, m = (np.bincount(each["debtor_id"])[debtors] for each in (rows, known.late))
    return fact.assign(n=n, m=m, at=look_up(debtors, latest_day(rows, "debtor_id")), code="dispute")


def override(known: Known) -> pd.DataFrame:
    """A person decided the standing; `text` is its code."""
    decided = known.of("reclassified").sort_values("at", kind="stable")
    last = decided.groupby("debtor_id").tail(1)
    last = last[last["value"] != ""]
    return last[["debtor_id", "at"]].assign(code="override", text=last["value"])


FACTS = (dispute, override)
