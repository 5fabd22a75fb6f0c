"""Codes and figures of a plan → the sentences that stand in its cells, each different one written once."""

from collections.abc import Iterator, Mapping

import pandas as pd

from batch.core.problem import Money
from batch.core.tables import FACT_FIGURES
from batch.words import Words

# What a cell can show at a glance; the terminal and plan.json have them all.
MOST_REASONS = 3


def labels(group: str, codes: pd.Series, words: Words) -> list[str]:
    """Return the label of each code; "" (or a missing one) stays empty."""
    known = {code: words.label(group, code) for code in codes.dropna().unique().tolist() if code}
    return [known.get(code, "") for code in codes.tolist()]


def facts_told(group: str, rows: pd.DataFrame, words: Words) -> list[str]:
    """Return the sentence of each row; rows have `code` and core.tables.FACT_FIGURES, group is evidence or advice."""
    written: dict[tuple[object, ...], str] = {}
    told = []
    for fact in _facts(rows):
        if fact not in written:
            written[fact] = _fact_told(group, fact, words)
        told.append(written[fact])
    return told


def because_of(because: pd.DataFrame, words: Words) -> dict[str, list[str]]:
    """Return the first sentences behind each debtor's standing (tables.BECAUSE, in its order)."""
    first = because[because.groupby("debtor_id").cumcount() < MOST_REASONS]
    found: dict[str, list[str]] = {}
    for debtor_id, sentence in zip(first["debtor_id"].tolist(), facts_told("evidence", first, words), strict=True):
        found.setdefault(debtor_id, []).append(_capital(sentence))
    return found


def reasons_told(steps: pd.DataFrame, words: Words) -> list[str]:
    """Return the sentence of each account's reason (tables.ACCOUNT_STEPS); "" where none is given."""
    names = ["reason", "reason_days", "reason_on", "reason_amount", "currency", "reason_text", "step", "next_step"]
    rows = zip(*(steps[name].tolist() for name in names), strict=True)
    return [
        reason_told(
            words, code, days=days, on=on, amount=Money(amount, currency), text=text, step=step, next_step=next_step
        )
        for code, days, on, amount, currency, text, step, next_step in rows
    ]


def reason_told(words: Words, code: str, *, step: str, next_step: str, **figures: object) -> str:
    """Return one reason's sentence; it may name days, on, amount, text, step (now, else what comes next), next_step."""
    if not code:
        return ""
    facts: Mapping[str, object] = {
        **figures,
        "n": figures["days"],
        "step": words.label("steps", step or next_step) if step or next_step else "",
        "next_step": words.label("steps", next_step) if next_step else "",
    }
    return _capital(words.sentence("reasons", code, facts))


def _facts(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    columns = [rows[name] for name in ("code", *FACT_FIGURES)]
    # NaN and NaT never equal themselves, so they could not be found again.
    plain = [column.astype("object").where(column.notna(), None).tolist() for column in columns]
    return zip(*plain, strict=True)


def _fact_told(group: str, fact: tuple[object, ...], words: Words) -> str:
    code, *figures = fact
    facts = dict(zip(FACT_FIGURES, figures, strict=True))
    facts["amount"] = Money(int(str(facts["amount"])), str(facts["currency"]))
    return words.sentence(group, str(code), facts)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
