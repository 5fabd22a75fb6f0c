"""The tables that ship with Relance → values of core.policy: rates, word lists, what each fact weighs."""

import csv
import datetime as dt
import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from batch.core.policy import Rate, Words

# Late interest above the European Central Bank's main refinancing rate, in hundredths of a percent.
BUSINESS_MARGIN = 1000  # code de commerce L441-10 II
PUBLIC_MARGIN = 800  # code de la commande publique R2192-31

# A negation ends with its clause: "pas de réponse, litige qualité" denies the answer, not the dispute.
_SAME_CLAUSE = r"(?=[^.,;:!?/()|+]*$)(?!.*(?:\b(?:mais|but)\b|\s-\s))"


def read_toml(name: str) -> dict[str, Any]:
    """Return one of the shipped tables."""
    return tomllib.loads(_text(name))


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the meanings and negations of lexicon.toml, as core.lexicon reads them."""
    written = read_toml("lexicon.toml")
    return Words(
        meanings={meaning: tuple(patterns) for meaning, patterns in written["meanings"].items()},
        negations=tuple(f"(?:{pattern}){_SAME_CLAUSE}" for pattern in written["negation"]["before"]),
    )


@lru_cache(maxsize=1)
def rates() -> dict[str, tuple[Rate, ...]]:
    """Return the French rates by nature of the debtor, one per half-year (rates_fr.csv names the sources).

    Business: ECB + 10 points. Public: ECB + 8 points. Consumer: the legal rate of a professional creditor, for the rate
    follows the creditor (code civil 1231-6, code monétaire et financier L313-2).
    """
    rows = list(csv.DictReader(_text("rates_fr.csv").splitlines()))
    days = [dt.date.fromisoformat(row["semester_start"]) for row in rows]
    bank = [_basis_points(row["ecb"]) for row in rows]
    legal = [_basis_points(row["legal_professional"]) for row in rows]
    columns = {
        "business": [rate + BUSINESS_MARGIN for rate in bank],
        "public": [rate + PUBLIC_MARGIN for rate in bank],
        "consumer": legal,
    }
    return {nature: tuple(map(Rate, days, column)) for nature, column in columns.items()}


@lru_cache(maxsize=1)
def bank_rates() -> tuple[Rate, ...]:
    """Return the European Central Bank's main refinancing rate at the start of each half-year."""
    return tuple(Rate(rate.since, rate.basis_points - BUSINESS_MARGIN) for rate in rates()["business"])


@lru_cache(maxsize=1)
def french_holidays() -> frozenset[dt.date]:
    """Return the national holidays of holidays_fr.csv, which tests/build/french_holidays.py makes from the `holidays` package."""
    rows = csv.DictReader(_text("holidays_fr.csv").splitlines())
    return frozenset(dt.date.fromisoformat(f"{row['year']}-{day}") for row in rows for day in row["days"].split())


def last_verified() -> dt.date:
    """Return the last day of the last half-year that has verified rates."""
    start = max(rate.since for rate in rates()["business"])
    return dt.date(start.year, 6, 30) if start.month == 1 else dt.date(start.year, 12, 31)


def _basis_points(percent: str) -> int:
    return int(Decimal(percent) * 100)


def _text(name: str) -> str:
    return files("batch").joinpath("data", name).read_text(encoding="utf-8")
