"""Standings and history → the next step of every item and of every account, or what blocks it and until when.

The step of an item is always derived from the ledger, the history, the policy and the as-of day, never stored: a missed week,
a rerun, a late payment or a new export never loses or doubles a reminder.
"""

import pandas as pd

from batch.core.evidence import Known
from batch.core.ladder.accounts import decide
from batch.core.ladder.choice import unknown_policies
from batch.core.ladder.owed import owed_items
from batch.core.ladder.pauses import pause
from batch.core.ladder.plainly import templates, with_fees, without_judgement
from batch.core.ladder.rungs import rungs
from batch.core.tables import ITEM_STEPS

__all__ = ["climb", "templates", "unknown_policies", "with_fees", "without_judgement"]


def climb(
    known: Known,
    accounts: pd.DataFrame,
    standings: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    first_run: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ITEM_STEPS for every open invoice and ACCOUNT_STEPS for every account.

    `first_run`: the journal is empty, so that old items wait for a person.
    """
    accounts, standings, evidence = (known.numbered(table) for table in (accounts, standings, evidence))
    owed = owed_items(known, accounts, standings)
    owed = pause(known, rungs(known, owed))
    steps, owed = decide(known, owed, accounts, standings, evidence, first_run=first_run)
    return ITEM_STEPS.conform(known.worded(owed[list(ITEM_STEPS.columns)])), steps
