"""Items, payments and history → the facts about each debtor that speak for or against a standing (tables.EVIDENCE).

Each module holds one family of facts, each function one fact; the points they carry are data (policy.points).
"""

import pandas as pd

from batch.core.evidence import ability, delivery, dispute, habit, will
from batch.core.evidence.known import Known, know
from batch.core.tables import EVIDENCE

__all__ = ["Known", "gather", "know"]

FACTS = (*habit.FACTS, *delivery.FACTS, *ability.FACTS, *will.FACTS, *dispute.FACTS)


def gather(known: Known) -> pd.DataFrame:
    """Return EVIDENCE: every fact that holds on the as-of day, one row per debtor and code."""
    found = [fact(known) for fact in FACTS]
    filled = [frame for frame in found if len(frame)]
    if not filled:
        return EVIDENCE.empty()
    rows = pd.concat([_with_all_figures(frame) for frame in filled], ignore_index=True)
    rows = rows[rows["debtor_id"].isin(known.debtors["debtor_id"])]
    return EVIDENCE.conform(rows.sort_values(["debtor_id", "code"], kind="stable"))


def _with_all_figures(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a fact the figures it does not use, in their dtypes."""
    given = frame.reset_index(drop=True)
    blank = EVIDENCE.empty().reindex(given.index)
    for name, dtype in EVIDENCE.columns.items():
        if name not in given:
            given[name] = blank[name].fillna("" if dtype == "str" else 0) if dtype != "datetime64[s]" else blank[name]
    return given[list(EVIDENCE.columns)].astype(dict(EVIDENCE.columns))
