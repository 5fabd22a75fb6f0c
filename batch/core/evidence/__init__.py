"""Items, payments and history → the facts about each debtor that speak for or against a standing (tables.EVIDENCE).

Each module holds one family of facts, each function one fact; the points they carry are data (policy.points).
"""

import pandas as pd

from batch.core.evidence import ability, delivery, dispute, habit, instalments, rating, will
from batch.core.evidence.known import Known, know
from batch.core.tables import EVIDENCE

__all__ = ["Known", "gather", "know"]

FACTS = (*habit.FACTS, *delivery.FACTS, *ability.FACTS, *instalments.FACTS, *rating.FACTS, *will.FACTS, *dispute.FACTS)


def gather(known: Known) -> pd.DataFrame:
    """Return EVIDENCE: every fact that holds on the as-of day, one row per debtor and code.

    A fact that does not say since when it holds, holds since the day it names (`at`).
    """
    found = [fact(known) for fact in FACTS]
    rows = pd.concat([EVIDENCE.empty(), *(frame for frame in found if len(frame))], ignore_index=True)
    rows = rows[rows["debtor_id"].isin(known.debtors["debtor_id"])]
    unused = dict.fromkeys(("n", "m", "days", "amount"), 0)
    rows = rows[list(EVIDENCE.columns)].fillna(unused)
    rows["since"] = rows["since"].fillna(rows["at"])
    return EVIDENCE.conform(rows.sort_values(["debtor_id", "code"], kind="stable"))
