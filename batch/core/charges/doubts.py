"""Charges and the tariffs behind them → the Problems that ask a person to look: rates past their last check, rules set by hand."""

import datetime as dt

import pandas as pd

from batch.core.lookup import look_up
from batch.core.policy import Charging
from batch.core.problem import Problem, Severity


def doubts(charges: pd.DataFrame, names: pd.Series, charging: Charging, as_of: dt.date) -> tuple[Problem, ...]:
    """Return RATES-UNVERIFIED when interest runs past the last verified half-year, CHARGES-TO-CONFIRM for countries by setting.

    `charges` is CHARGES, `names` what tariffs.tariff_names returned.
    """
    found = []
    verified = charging.last_verified
    if verified is not None and as_of > verified and (charges["interest"] > 0).any():
        facts: dict[str, object] = {"on": verified, "as_of": as_of}
        found.append(Problem("RATES-UNVERIFIED", Severity.WARNING, facts=facts))
    open_questions = [code for code, abroad in charging.countries.items() if not abroad.confirmed]
    if open_questions:
        concerned = look_up(charges["debtor_id"].drop_duplicates(), names)
        concerned = concerned[concerned.isin(open_questions)]
        if len(concerned):
            facts = {"countries": sorted(concerned.unique().tolist()), "n": len(concerned)}
            found.append(Problem("CHARGES-TO-CONFIRM", Severity.WARNING, facts=facts))
    return tuple(found)
