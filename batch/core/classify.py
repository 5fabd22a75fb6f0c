"""Evidence → one standing per debtor, how sure it is, and the facts behind it.

Wrongly accusing costs more than waiting: `forgetful` starts with a point, a harder standing must lead by two, in a tie the
softer wins, and `dishonest` needs two independent hard facts.
"""

import numpy as np
import pandas as pd

from batch.core.policy import Policy
from batch.core.tables import BECAUSE, FACT_FIGURES, STANDING_TABLE

JUDGED = ("invoice_lost", "forgetful", "in_difficulty", "dishonest")  # from soft to hard
DECISIVE_CONFIDENCE, WORDS_CONFIDENCE = 0.95, 0.6
_HARD_FACTS_NEEDED = 2
_NEVER = -1000


def scores(evidence: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the points of each debtor (index) for each judged standing (columns); out of the question is far below zero."""
    rows = [(code, standing, number) for code, given in policy.points.items() for standing, number in given.items()]
    points = pd.DataFrame(rows, columns=["code", "standing", "points"]).astype({"code": "str", "standing": "str"})
    found = evidence[["debtor_id", "code"]].merge(points, on="code")
    table = found.groupby(["debtor_id", "standing"])["points"].sum().unstack(fill_value=0)  # noqa: PD010  half the time
    table = table.reindex(index=pd.Index(evidence["debtor_id"].unique()), columns=list(JUDGED), fill_value=0)
    table = table.astype("int64")
    table["forgetful"] += policy.first_points
    hard = evidence["code"].isin(policy.hard_facts).groupby(evidence["debtor_id"]).sum()
    delivery = evidence["code"].isin(policy.delivery_facts).groupby(evidence["debtor_id"]).any()
    table["dishonest"] = table["dishonest"].where(hard.reindex(table.index) >= _HARD_FACTS_NEEDED, _NEVER)
    table["invoice_lost"] = table["invoice_lost"].where(delivery.reindex(table.index), _NEVER)
    return table.rename_axis("debtor_id")


def classify(evidence: pd.DataFrame, accounts: pd.DataFrame, policy: Policy) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return STANDING_TABLE and BECAUSE for every debtor of ACCOUNTS."""
    debtors = accounts.groupby("debtor_id")["overdue_items"].sum().to_frame("late")
    points = scores(evidence, policy).reindex(debtors.index)
    points["forgetful"] = points["forgetful"].fillna(policy.first_points)
    points = points.fillna(0).astype("int64")
    judged = _judged(points, policy.lead)
    others = points.to_numpy().copy()
    place = points.columns.get_indexer(pd.Index(judged["standing"]))
    chosen = others[np.arange(len(points)), place]
    others[np.arange(len(points)), place] = _NEVER
    judged["margin"] = chosen - np.clip(others.max(axis=1), 0, None)
    judged["confidence"] = (0.5 + 0.1 * judged["margin"]).clip(0.3, 0.9)
    decided = _decided(judged, debtors, evidence)
    standings = STANDING_TABLE.conform(decided.reset_index())
    return standings, _because(evidence, standings, policy)


def _judged(points: pd.DataFrame, lead: int) -> pd.DataFrame:
    """Walk from soft to hard: a harder standing replaces the softer one when it leads by enough."""
    best = pd.Series(JUDGED[0], index=points.index, dtype="str")
    held = points[JUDGED[0]].where(points[JUDGED[0]] > 0, _NEVER)
    for standing in JUDGED[1:]:
        harder = points[standing] >= held + lead
        best, held = best.mask(harder, standing), held.mask(harder, points[standing])
    return pd.DataFrame({"standing": best})


def _decided(judged: pd.DataFrame, debtors: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Let decisive facts speak: nothing overdue, a whole dispute, a plan, insolvency; last, what a person decided."""

    def having(code: str) -> pd.Series:
        return pd.Series(judged.index.isin(evidence.loc[evidence["code"] == code, "debtor_id"]), index=judged.index)

    disputes = evidence[evidence["code"] == "dispute"].set_index("debtor_id")
    whole = disputes["n"].reindex(judged.index) >= disputes["m"].reindex(judged.index)
    decisive = [
        (debtors["late"] == 0, "current", DECISIVE_CONFIDENCE),
        (whole & (debtors["late"] > 0), "disputed", DECISIVE_CONFIDENCE),
        (having("plan-agreed"), "in_difficulty", DECISIVE_CONFIDENCE),
        (having("insolvency-words"), "insolvent", WORDS_CONFIDENCE),
        (having("insolvency"), "insolvent", DECISIVE_CONFIDENCE),
    ]
    for holds, standing, confidence in decisive:
        judged["standing"] = judged["standing"].mask(holds, standing)
        judged["confidence"] = judged["confidence"].mask(holds, confidence)
    typed = evidence[evidence["code"] == "override"].set_index("debtor_id")["text"].reindex(judged.index)
    return judged.assign(
        computed=judged["standing"],
        standing=judged["standing"].where(typed.isna(), typed),
        confidence=judged["confidence"].where(typed.isna(), 1.0),
    )


_DECISIVE_CODES = {
    "disputed": ("dispute",),
    "in_difficulty": ("plan-agreed",),
    "insolvent": ("insolvency", "insolvency-words"),
}


def _because(evidence: pd.DataFrame, standings: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the facts that count for or against each debtor's standing, the weightiest first."""
    rows = evidence.merge(standings[["debtor_id", "standing"]], on="debtor_id")
    points = {(code, standing): n for code, given in policy.points.items() for standing, n in given.items()}
    decisive = {(code, standing): 0 for standing, codes in _DECISIVE_CODES.items() for code in codes}
    override = {("override", standing): 0 for standing in standings["standing"].unique()}
    told = pd.Series({**decisive, **override, **points}, dtype="int64")
    keys = pd.MultiIndex.from_frame(rows[["code", "standing"]])
    rows["points"] = told.reindex(keys).to_numpy()
    rows = rows[rows["points"].notna()]
    rows = rows.assign(decides=rows["points"] == 0).sort_values(
        ["debtor_id", "decides", "points"], ascending=[True, False, False], kind="stable"
    )
    return BECAUSE.conform(rows[["debtor_id", "code", "points", *FACT_FIGURES]].astype({"points": "int64"}))
