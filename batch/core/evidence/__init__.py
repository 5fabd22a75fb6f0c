"""Items, payments and history → the facts about each debtor that speak for or against a standing (tables.EVIDENCE).

Each module holds one family of facts, each function one fact; the points they carry are data (policy.points).
"""

import numpy as np
import pandas as pd

from batch.core.evidence import ability, delivery, dispute, habit, instalments, rating, will
from batch.core.evidence.known import Known, know
from batch.core.tables import COUNT, DAY, EVIDENCE, FIGURE, TEXT

__all__ = ["Known", "gather", "know"]

# What a fact does not say, and how such a column is stacked: figures as they may be missing, texts as objects.
_NOTHING: dict[str, tuple[object, str]] = {
    TEXT: ("", "object"), COUNT: (0, "float64"), FIGURE: (0, "float64"), DAY: (np.datetime64("NaT", "s"), DAY),
}  # fmt: skip

FACTS = (*habit.FACTS, *delivery.FACTS, *ability.FACTS, *instalments.FACTS, *rating.FACTS, *will.FACTS, *dispute.FACTS)


def gather(known: Known) -> pd.DataFrame:
    """Return EVIDENCE: every fact that holds on the as-of day, one row per debtor and code.

    A fact that does not say since when it holds, holds since the day it names (`at`).
    """
    found = [fact(known) for fact in FACTS]
    rows = _stacked([frame for frame in found if len(frame)])
    rows = rows[rows["debtor_id"].isin(known.debtors["debtor_id"])].astype({"debtor_id": COUNT})
    rows["since"] = rows["since"].fillna(rows["at"])
    return EVIDENCE.conform(known.worded(rows.sort_values(["debtor_id", "code"], kind="stable")))


def _stacked(found: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the facts one below the other, with what they do not say in the form of EVIDENCE.

    Column by column, for pandas would align two dozen frames of few columns each.
    """
    columns: dict[str, np.ndarray] = {}
    for name, dtype in {**EVIDENCE.columns, "debtor_id": COUNT}.items():
        nothing, form = _NOTHING[dtype]
        parts = [frame[name].to_numpy() if name in frame else np.full(len(frame), nothing, form) for frame in found]
        columns[name] = np.concatenate([np.empty(0, form), *(part.astype(form) for part in parts)])
    return pd.DataFrame(columns).fillna(dict.fromkeys(("n", "m", "days", "amount"), 0))
