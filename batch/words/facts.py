"""Rows of a plan (codes and figures) → their sentences; what many accounts share is written once."""

from collections.abc import Iterator

import pandas as pd

from batch.core.problem import Money
from batch.core.tables import FACT_FIGURES
from batch.words import Words

REASON = ["reason", "reason_days", "reason_on", "reason_amount", "currency", "reason_text", "step", "next_step"]


def fact_sentences(group: str, rows: pd.DataFrame, words: Words) -> list[str]:
    """Return the sentence of each row; rows have `code` and core.tables.FACT_FIGURES, `group` is "evidence" or "advice".

    The sentence may name n, m, days, amount (with its currency), at and text.
    """
    written: dict[tuple[object, ...], str] = {}
    return [
        written[fact] if fact in written else written.setdefault(fact, _fact(group, fact, words))
        for fact in _facts(rows)
    ]


def reason_sentences(steps: pd.DataFrame, words: Words) -> list[str]:
    """Return the sentence of each account's reason (tables.ACCOUNT_STEPS); "" where none is given."""
    rows = zip(*(steps[name].tolist() for name in REASON), strict=True)
    return [
        reason_sentence(
            words, code, days=days, on=on, amount=Money(amount, currency), text=text, step=step, next_step=next_step
        )
        for code, days, on, amount, currency, text, step, next_step in rows
    ]


def reason_sentence(words: Words, code: str, *, step: str, next_step: str, **figures: object) -> str:
    """Return one reason's sentence; it may name days, on, amount, text, step (now, else what comes next), next_step."""
    if not code:
        return ""
    facts: dict[str, object] = {
        **figures,
        "n": figures["days"],
        "step": words.label("steps", step or next_step) if step or next_step else "",
        "next_step": words.label("steps", next_step) if next_step else "",
    }
    return words.sentence("reasons", code, facts)


def _facts(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Yield code and figures of each row; what is missing becomes None, since NaN and NaT never equal themselves."""
    columns = [rows[name] for name in ("code", *FACT_FIGURES)]
    plain = [column.astype("object").where(column.notna(), None).tolist() for column in columns]
    return zip(*plain, strict=True)


def _fact(group: str, fact: tuple[object, ...], words: Words) -> str:
    code, *figures = fact
    facts = dict(zip(FACT_FIGURES, figures, strict=True))
    facts["amount"] = Money(int(str(facts["amount"])), str(facts["currency"]))
    return words.sentence(group, str(code), facts)
