"""Aged items, accounts, standings and steps → partial sums that add up: key figures, buckets, standings and steps."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Summary:
    """Sums over all debtors: tables.KPIS, BUCKETS, BY_STANDING and BY_STEP."""

    kpis: pd.DataFrame
    buckets: pd.DataFrame
    by_standing: pd.DataFrame
    by_step: pd.DataFrame
