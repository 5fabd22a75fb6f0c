"""The texts of a status column → what they say of the debt: paid, aside, disputed, owed; and the texts that say nothing known."""

from collections.abc import Callable, Mapping, Sequence

from batch.ledger.values import mapped
from batch.ledger.vocabulary import has_word, plain, vocabulary

OWED, UNKNOWN = "owed", ""
JOINT = ", "  # between the statuses of several columns


def meanings(texts: Sequence[str], named: Mapping[str, str]) -> list[str]:
    """Return for each status paid, aside, disputed or owed; "" for a text that says none of them.

    `named` (status → meaning, from relance.toml) goes before every word of the vocabulary.
    """
    return mapped(texts, _meaning({plain(text) or text.lower(): meaning for text, meaning in named.items()}))


def _meaning(named: Mapping[str, str]) -> Callable[[str], str]:
    groups = vocabulary().groups["status"]

    def meaning(text: str) -> str:
        parts = [plain(part) or part.lower() for part in (text, *text.split(JOINT))]
        if said := next((named[part] for part in parts if part in named), ""):
            return said
        normal = parts[0]
        if has_word(normal, groups["aside"]) or has_word(normal, groups["collected"]):
            return "aside"
        if has_word(normal, groups["disputed"]):
            return "disputed"
        if has_word(normal, groups["paid"]) and not has_word(normal, groups["not_paid"]):
            return "paid"
        return OWED if _is_owed(normal) else UNKNOWN

    return meaning


def _is_owed(normal: str) -> bool:
    """Say whether words of the vocabulary say that the row is a debt; a credit note that was issued is none."""
    groups, kinds = vocabulary().groups["status"], vocabulary().groups["kinds"]
    if normal in {*groups["alone"], *vocabulary().words("flags", "no"), *vocabulary().words("blanks", "words")}:
        return True
    open_ = has_word(normal, groups["not_paid"]) or has_word(normal, groups["part"]) or has_word(normal, groups["open"])
    return open_ and not has_word(normal, kinds["credit_note"])
