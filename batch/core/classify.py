"""Evidence → one standing per debtor, how sure it is, and the facts behind it.

Wrongly accusing costs more than waiting: `forgetful` starts with a point, a harder standing must lead by two, in a tie the
softer wins, and `dishonest` needs two independent hard facts (of one family, one counts).

What a person decided holds until newer hard facts speak against it; then the computed standing is shown again, and says so.
"""

import numpy as np
import pandas as pd

from batch.core.lookup import look_up
from batch.core.policy import Policy
from batch.core.tables import BECAUSE, FACT_FIGURES, STANDING_TABLE

JUDGED = ("invoice_lost", "forgetful", "in_difficulty", "dishonest")  # from soft to hard
DECISIVE_CONFIDENCE, WORDS_CONFIDENCE = 0.95, 0.6
LIFTED = "override-lifted"  # what a person decided, set aside by newer facts
_HARD_FACTS_NEEDED = 2
_NEVER = -1000


def scores(evidence: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the points of each debtor (index) for each judged standing (columns); out of the question is far below zero."""
    debtors, names = pd.factorize(evidence["debtor_id"])
    codes, facts = pd.factorize(evidence["code"])
    given = [[policy.points.get(str(code), {}).get(standing, 0) for standing in JUDGED] for code in facts]
    points = np.zeros((len(names), len(JUDGED)), dtype="int64")
    np.add.at(points, debtors, np.array(given, dtype="int64").reshape(-1, len(JUDGED))[codes])
    table = pd.DataFrame(points, index=pd.Index(names, name="debtor_id"), columns=list(JUDGED))
    table["forgetful"] += policy.first_points
    families = evidence["code"].map(policy.families)
    hard = families.groupby(debtors).nunique()
    delivered = np.bincount(debtors[evidence["code"].isin(policy.delivery_facts)], minlength=len(names)) > 0
    table["dishonest"] = table["dishonest"].where(hard.to_numpy() >= _HARD_FACTS_NEEDED, _NEVER)
    table["invoice_lost"] = table["invoice_lost"].where(delivered, _NEVER)
    return table


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
    decided = _overridden(_decided(judged, debtors, evidence), evidence, policy)
    standings = STANDING_TABLE.conform(decided[[*STANDING_TABLE.columns][1:]].reset_index())
    lifted = decided.index[decided["lifted"]]
    told = evidence.assign(code=evidence["code"].mask(
        (evidence["code"] == "override") & evidence["debtor_id"].isin(lifted), LIFTED)) if len(lifted) else evidence  # fmt: skip
    return standings, _because(told, standings, policy)


def _judged(points: pd.DataFrame, lead: int) -> pd.DataFrame:
    """Walk from soft to hard: a harder standing is chosen when it leads every softer one by enough."""
    best = pd.Series(JUDGED[0], index=points.index, dtype="str")
    highest = points[JUDGED[0]].where(points[JUDGED[0]] > 0, _NEVER)
    for standing in JUDGED[1:]:
        best = best.mask(points[standing] >= highest + lead, standing)
        highest = points[standing].where(points[standing] > highest, highest)
    return pd.DataFrame({"standing": best})


def _decided(judged: pd.DataFrame, debtors: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Let decisive facts speak: nothing overdue, a whole dispute, a plan, insolvency."""

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
    return judged.assign(computed=judged["standing"])


_DECISIVE_CODES = {
    "disputed": ("dispute",),
    "in_difficulty": ("plan-agreed",),
    "insolvent": ("insolvency", "insolvency-words"),
}


def _overridden(decided: pd.DataFrame, evidence: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Let what a person decided hold, and say where it is `lifted`.

    It is, when a fact that decides, or a hard one, is newer than the decision and speaks for the computed standing, which is
    another. A fact of the same day was known to the person.
    """
    typed = evidence[evidence["code"] == "override"].set_index("debtor_id")[["text", "at"]].reindex(decided.index)
    if typed["text"].isna().all():
        return decided.assign(lifted=False)
    rows = evidence[evidence["debtor_id"].isin(typed.index[typed["text"].notna()])]
    weighty = [(code, "dishonest") for code in policy.hard_facts]
    weighty += [(code, standing) for standing, codes in _DECISIVE_CODES.items() for code in codes]
    speaks = pd.MultiIndex.from_arrays([rows["code"], look_up(rows["debtor_id"], decided["computed"])]).isin(weighty)
    newer = rows["since"].dt.floor("D") > look_up(rows["debtor_id"], typed["at"]).dt.floor("D")
    contrary = decided.index.isin(rows.loc[speaks & newer, "debtor_id"])
    lifted = typed["text"].notna() & (typed["text"] != decided["computed"]) & contrary
    holds = typed["text"].notna() & ~lifted
    return decided.assign(
        standing=decided["standing"].mask(holds, typed["text"]),
        confidence=decided["confidence"].mask(holds, 1.0),
        lifted=lifted,
    )


def _because(evidence: pd.DataFrame, standings: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the facts that count for or against each debtor's standing, the weightiest first."""
    standing = look_up(evidence["debtor_id"], standings.set_index("debtor_id")["standing"])
    names, standings_met = evidence["code"].unique().tolist(), standing.dropna().unique().tolist()
    decisive = {(code, name): 0 for name, codes in _DECISIVE_CODES.items() for code in codes}
    override = {(code, name): 0 for code in ("override", LIFTED) for name in standings_met}
    counted = {(code, name): n for code, given in policy.points.items() for name, n in given.items()}
    told = {**decisive, **override, **counted}
    # One column more for a debtor without a standing: place -1.
    weight = np.array([[*(told.get((code, name), np.nan) for name in standings_met), np.nan] for code in names])
    place = pd.Index(names).get_indexer(evidence["code"]), pd.Index(standings_met).get_indexer(standing)
    points = weight[place] if names else np.zeros(0)
    rows = evidence[~np.isnan(points)].assign(points=points[~np.isnan(points)].astype("int64"))
    debtors, _ = pd.factorize(rows["debtor_id"], sort=True)
    order = np.lexsort((-rows["points"], rows["points"] != 0, debtors))
    return BECAUSE.conform(rows[["debtor_id", "code", "points", *FACT_FIGURES]].iloc[order])
