"""Texts in comments and replies → what they mean, negation understood; the word lists are data (policy.Words)."""

import re
import unicodedata

import pandas as pd

from batch.core.policy import Words

# What these say is itself a "not": a negation in front of them is part of it, not against it.
NEGATIVE_MEANINGS = frozenset(
    {"not_received", "no_answer", "promise_broken", "cheque_not_received", "instalment_missed"}
)

# A negation counts when at most two words stand between it and what it denies ("pas de nouveau litige").
_REACH = r"[^\w.,;:!?]+(?:\w+[^\w.,;:!?]+){0,2}$"


def plain(text: str) -> str:
    """Return the text in lower case, without accents, typographic apostrophes and runs of white space."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(bare.replace("’", "'").lower().split())


def meanings(text: str, words: Words) -> tuple[str, ...]:
    """Return the meanings of one text, in the order of the word list; a meaning that is denied does not count."""
    bare = plain(text)
    denied = re.compile(rf"(?:^|\W)(?:{'|'.join(words.negations)}){_REACH}") if words.negations else None
    return tuple(meaning for meaning, patterns in words.meanings.items() if _stands(meaning, patterns, bare, denied))


def _stands(meaning: str, patterns: tuple[str, ...], bare: str, denied: re.Pattern[str] | None) -> bool:
    for match in re.finditer("|".join(patterns), bare) if patterns else ():
        if meaning in NEGATIVE_MEANINGS or denied is None or not denied.search(bare[: match.start()]):
            return True
    return False


def read(texts: pd.Series, words: Words) -> pd.DataFrame:
    """Return one row per text and meaning: `index` of the text in the series, `meaning`, `text`.

    Each distinct text is read once.
    """
    spoken = texts[texts != ""]
    if spoken.empty:
        return pd.DataFrame({"index": spoken.index, "meaning": spoken, "text": spoken})
    known = pd.DataFrame(
        [(text, meaning) for text in spoken.unique().tolist() for meaning in meanings(text, words)],
        columns=["text", "meaning"],
    ).astype({"text": "str", "meaning": "str"})
    found = spoken.rename("text").rename_axis("index").reset_index().merge(known, on="text")
    return found[["index", "meaning", "text"]]
