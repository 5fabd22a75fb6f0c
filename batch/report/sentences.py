"""Rows of facts (code and figures) → their sentences, each different one written once."""

from collections.abc import Iterator

import pandas as pd

from batch.core.problem import Money
from batch.core.tables import FACT_FIGURES
from batch.words import Words


def fact_sentences(group: str, rows: pd.DataFrame, words: Words) -> list[str]:
    """Return the sentence of each row; rows have `code` and core.tables.FACT_FIGURES, `group` is "evidence" or "advice".

    The sentence may name n, m, days, amount (with its currency), at and text; equal facts share one sentence, because
    thousands of debtors have the same.
    """
    written: dict[tuple[object, ...], str] = {}
    return [
        written[fact] if fact in written else written.setdefault(fact, _sentence(group, fact, words))
        for fact in _facts(rows)
    ]


def _facts(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Yield code and figures of each row; what is missing becomes None, since NaN and NaT never equal themselves."""
    columns = [rows[name] for name in ("code", *FACT_FIGURES)]
    plain = [column.astype("object").where(column.notna(), None).tolist() for column in columns]
    return zip(*plain, strict=True)


def _sentence(group: str, fact: tuple[object, ...], words: Words) -> str:
    code, *figures = fact
    facts = dict(zip(FACT_FIGURES, figures, strict=True))
    facts["amount"] = Money(int(str(facts["amount"])), str(facts["currency"]))
    return words.sentence(group, str(code), facts)
