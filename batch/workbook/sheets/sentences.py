"""Codes and figures of a plan → the sentences that stand in its cells."""

import pandas as pd

from batch.words import Words
from batch.words.facts import fact_sentences

# What a cell can show at a glance; the terminal and plan.json have them all.
MOST_REASONS = 3


def labels(group: str, codes: pd.Series, words: Words) -> list[str]:
    """Return the label of each code; "" (or a missing one) stays empty."""
    known = {code: words.label(group, code) for code in codes.dropna().unique().tolist() if code}
    return [known.get(code, "") for code in codes.tolist()]


def because_of(because: pd.DataFrame, words: Words) -> dict[str, list[str]]:
    """Return the first sentences behind each debtor's standing (tables.BECAUSE, in its order)."""
    first = because[because.groupby("debtor_id").cumcount() < MOST_REASONS]
    found: dict[str, list[str]] = {}
    for debtor_id, sentence in zip(first["debtor_id"].tolist(), fact_sentences("evidence", first, words), strict=True):
        found.setdefault(debtor_id, []).append(capital(sentence))
    return found


def capital(sentence: str) -> str:
    """Return the sentence as it begins in a cell."""
    return sentence[:1].upper() + sentence[1:]
