"""The words of exports (vocabulary.toml) → lookups by normalised word: headings, totals, kinds, statuses, months."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SMALL_WORDS = frozenset({"de", "d", "la", "le", "les", "l", "des", "of", "the"})
NUMBER_WORDS = frozenset({"n", "no", "num", "numero", "number", "nr", "nbr", "nummer", "no."})
UNITS = frozenset({"ttc", "utc", "eur", "euro", "euros", "usd", "gbp", "chf", "cad", "in", "en"})
# What may stand in brackets behind a heading without changing its meaning: "(ILS)", "(jj/mm/aaaa)".
IN_BRACKETS = UNITS | frozenset({
    "aud", "jpy", "ils", "aed", "sar", "qar", "kwd", "inr", "sgd", "hkd", "cny", "sek", "nok", "dkk", "pln", "czk", "huf", "ron",
    "bgn", "try", "mad", "tnd", "dzd", "xof", "xaf", "xpf", "zar", "brl", "mxn", "nzd", "jj", "mm", "aaaa", "aa", "dd", "yy",
    "yyyy", "tt", "jjjj", "obligatoire", "required",
})  # fmt: skip
SIGNS_MATTER = frozenset({"currencies", "blanks", "sides"})

# What an accent alone tells from another heading: "Facturé" is an amount, "Facture" a number.
_BY_ACCENT = {"facturé": "montant facturé", "facturé ttc": "montant facturé"}

_ACCENTS = re.compile(r"[\u0300-\u036f]")
_LETTERS = str.maketrans({"°": None, "º": None, "œ": "oe", "Œ": "OE", "ß": "ss", "æ": "ae"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MARKS = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def plain(text: str) -> str:
    """Return the text in lower case without accents, its punctuation turned into single spaces."""
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.translate(_LETTERS)))
    return _MARKS.sub(" ", text.lower()).strip()


def heading_keys(heading: str) -> tuple[str, ...]:
    """Return the forms under which a heading is looked up: whole first, then without units (TTC, EUR …)."""
    composed = unicodedata.normalize("NFC", heading)
    composed = _BY_ACCENT.get(composed.strip().lower(), composed)
    marked = _CAMEL.sub(" ", composed).replace("#", " no ")
    written = plain(marked).split()
    # "Facturé le" is a day, "Facture" a number: the last word counts.
    words = [
        word
        for place, word in enumerate(written, 1)
        if word not in SMALL_WORDS or (word == "le" and 1 < place == len(written))
    ]
    words = ["n" if word in NUMBER_WORDS else word for word in words]
    whole = "".join(words)
    keys: tuple[str, ...] = (whole, _without_number_word(words), "".join(w for w in words if w not in UNITS))
    # "Date du document" is one with "Date document"; in "Reste dû TTC" the word is another.
    if "du" in words[1:-1] and "dû" not in marked.lower():
        inner = [word for place, word in enumerate(words) if word != "du" or place in {0, len(words) - 1}]
        keys += ("".join(inner), _without_number_word(inner))
    if (bare := _without_brackets(heading)) != heading:
        keys += heading_keys(bare)
    return tuple(dict.fromkeys(keys))


def _without_brackets(heading: str) -> str:
    """Leave out brackets that hold a currency or the form of a date; "(HT)" says what the column is, and stays."""
    for found in _BRACKETS.finditer(heading):
        words = plain(found[1]).split()
        if all(word in IN_BRACKETS for word in words):
            heading = heading.replace(found[0], " ")
    return heading


def _without_number_word(words: list[str]) -> str:
    """`invoicenumber`, `Rechnungsnr` and `invoice n` are one heading: a glued ending becomes the short word."""
    glued = "".join(words)
    return re.sub(r"(?<=[a-z])(number|numero|nummer|num|nr)$", "n", glued)


@dataclass(frozen=True)
class Vocabulary:
    """The words, normalised; `claims` maps a heading's key to its (tier, field) pairs, best tier first."""

    fields: tuple[str, ...]
    claims: Mapping[str, tuple[tuple[int, str], ...]]
    refused: frozenset[str]
    general_accounts: frozenset[str]
    groups: Mapping[str, Mapping[str, tuple[str, ...]]]
    turned: Mapping[str, Mapping[str, str]]

    def words(self, group: str, code: str) -> tuple[str, ...]:
        """Return the normalised words of one code in one group."""
        return self.groups[group][code]

    def codes(self, group: str) -> Mapping[str, str]:
        """Return the group turned round: normalised word → code."""
        return self.turned[group]


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary, read once."""
    raw = tomllib.loads(files("batch.ledger").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    headings = raw.pop("headings")
    claims: dict[str, dict[str, int]] = {}
    for field, tiers in headings.items():
        for tier, names in enumerate(tiers):
            for name in names:
                claims.setdefault(heading_keys(name)[0], {}).setdefault(field, tier)
    refused = {kind: frozenset(heading_keys(name)[0] for name in names) for kind, names in raw.pop("refused").items()}
    groups = {
        group: {code: tuple(_word(word, group) for word in words) for code, words in table.items()}
        for group, table in raw.items()
    }
    return Vocabulary(
        fields=tuple(headings),
        claims={key: tuple(sorted((tier, field) for field, tier in found.items())) for key, found in claims.items()},
        refused=refused["headings"] | refused["general_accounts"],
        general_accounts=refused["general_accounts"],
        groups=groups,
        turned={
            group: {word: code for code, words in table.items() for word in words} for group, table in groups.items()
        },
    )


def _word(word: str, group: str) -> str:
    """Normalise a content word; where signs matter (€, n/a, -) only its capitals go."""
    return word.lower() if group in SIGNS_MATTER else plain(word) or word.lower()


def has_word(text: str, words: tuple[str, ...]) -> bool:
    """Say whether one of the normalised words stands in the normalised text, as whole words."""
    padded = f" {text} "
    return any(f" {word} " in padded for word in words)


@cache
def any_word(group: str, code: str, *, starts: bool = False, shortest: int = 1) -> re.Pattern[str]:
    """Return the pattern that finds a word of the group's code in (or at the start of) a normalised text, as whole words.

    Words of fewer than `shortest` characters are left out.
    """
    words = sorted((re.escape(word) for word in vocabulary().words(group, code) if len(word) >= shortest), key=len)
    return re.compile(rf"{'^' if starts else '(?:^| )'}(?:{'|'.join(reversed(words))})(?: |$)")
