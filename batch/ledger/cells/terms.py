"""A customer's payment terms as people write them ("45 jours fin de mois le 10", "2/10 net 30") → core.calendar.Terms."""

import re
from functools import cache

from batch.core.calendar import Terms
from batch.ledger.vocabulary import plain, vocabulary

LONGEST = 400  # days: beyond it the figure is no delay

# What a discount needs is not what the invoice falls due by: "2 %", and the "2/10" of "2/10 net 30".
_DISCOUNT = re.compile(
    r"\d+(?:[.,]\d+)?\s*%(?:\s*/\s*\d+\b)?|\b\d+(?:[.,]\d+)?\s*/\s*\d+\b(?=\D*\bn(?:et)?\b)", re.IGNORECASE
)
_GLUED = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")
_ORDINAL = r"(?:st|nd|rd|th|er|eme|e)"
_DAY_OF_MONTH = re.compile(
    rf"\b(?:le|the|on|au) (\d{{1,2}})\b(?: {_ORDINAL}\b)?(?! (?:jours|j|days)\b)|\b(\d{{1,2}}) {_ORDINAL}\b|\b(\d{{1,2}})(?= (?:du|of|des|mfi)\b)"
)
_LAST_DAY = 31


def read_terms(text: str) -> Terms | None:
    """Return the terms a cell says, or None where it says none or a word of it is not understood."""
    normal = _GLUED.sub(" ", plain(_DISCOUNT.sub(" ", text.removesuffix(".0"))))
    if not normal or normal in vocabulary().codes("usual_terms"):
        return None
    after_next, normal = _take("next_month_end", normal)
    at_end, normal = _take("month_end", normal)
    end_first, normal = _take("month_end_first", normal)
    day, normal = _take_day(normal)
    following, normal = _take("next_month", normal)
    at_once, normal = _take("immediate", normal)
    months, normal = _take_months(normal)
    days = _take_days(normal)
    to_month_end = at_end or end_first or after_next or following
    says = to_month_end or day or months or at_once or any(word.isdecimal() for word in normal.split())
    if days is None or not says or (following and not day):
        return None
    return Terms(days, months + after_next, to_month_end, end_first and bool(days), day)


def is_usual(text: str) -> bool:
    """Say whether a terms cell stands for the settings' own terms: blank, or a word such as "standard"."""
    normal = plain(text)
    return not normal or normal in vocabulary().codes("usual_terms")


@cache
def _phrase(code: str) -> re.Pattern[str]:
    words = sorted(vocabulary().words("terms", code), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


def _take(code: str, text: str) -> tuple[bool, str]:
    """Say whether one of the phrases stands in the text, and return the text without it."""
    rest, times = _phrase(code).subn(" ", text)
    return bool(times), " ".join(rest.split())


def _take_day(text: str) -> tuple[int, str]:
    """Return the day of the month on which one pays ("le 10", "15th of"), 0 without one, and the rest."""
    found = _DAY_OF_MONTH.search(text)
    if not found:
        return 0, text
    day = int(next(group for group in found.groups() if group))
    if not 1 <= day <= _LAST_DAY:
        return 0, text
    return day, f"{text[: found.start()]} {text[found.end() :]}".strip()


def _take_months(text: str) -> tuple[int, str]:
    found = re.search(rf"\b(\d{{1,2}}) (?:{'|'.join(vocabulary().words('terms', 'months'))})\b", text)
    if not found:
        return 0, text
    return int(found[1]), f"{text[: found.start()]} {text[found.end() :]}".strip()


def _take_days(text: str) -> int | None:
    """Return the days left in the text (0 without a figure), the net ones where a discount has its own; None: not understood."""
    known = _understood()
    figures: list[int] = []
    for word in text.split():
        if word.isdecimal():
            figures.append(int(word))
        elif word not in known:
            return None
    if len(figures) > 1 and not (set(text.split()) & set(vocabulary().words("terms", "net"))):
        return None
    days = max(figures, default=0)
    return days if days <= LONGEST else None


@cache
def _understood() -> frozenset[str]:
    """Return the single words that may stand around the figures, the ways of payment among them."""
    words = vocabulary()
    phrases = [phrase for code in ("days", "net", "fill") for phrase in words.words("terms", code)]
    phrases += [phrase for modes in words.groups["payment_modes"].values() for phrase in modes]
    return frozenset(word for phrase in phrases for word in phrase.split())
