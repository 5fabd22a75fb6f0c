"""The whole stream in one function: a ledger and the events so far → who is asked for what, how, and why."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from batch.core.problem import Problem
from batch.core.records import Ledger
from batch.core.summary import Summary


@dataclass(frozen=True)
class Plan:
    """All that was worked out for one as-of date; every table has the form that core/tables.py gives it."""

    as_of: dt.date
    ledger: Ledger                # as it was read
    first_run: bool               # the journal held nothing when the plan was made
    items: pd.DataFrame           # ITEMS as they stood at the end of the as-of day
    events: pd.DataFrame          # EVENTS up to the as-of day, resolved against the ledger
    aged: pd.DataFrame            # AGED, by item_id
    accounts: pd.DataFrame        # ACCOUNTS, by debtor_id and currency
    evidence: pd.DataFrame        # EVIDENCE
    standings: pd.DataFrame       # STANDING_TABLE, by debtor_id
    because: pd.DataFrame         # BECAUSE
    charges: pd.DataFrame         # CHARGES, by item_id
    item_steps: pd.DataFrame      # ITEM_STEPS, by item_id
    account_steps: pd.DataFrame   # ACCOUNT_STEPS, by debtor_id and currency
    summary: Summary
    advice: pd.DataFrame          # ADVICE
    problems: tuple[Problem, ...] = ()
