"""Codes and figures → sentences, labels, amounts and dates in one language; the texts are fr.toml and en.toml.

A text has a group and a code: `[standings] forgetful = "…"`. Labels and sentences share the groups; problems have a
message and a hint. What the files lack is a KeyError: a code without words is a bug, never shown as if it were words.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from batch.core.problem import Money, Problem, RelanceError
from batch.words.figures import amount_form, write_country, write_day, write_long_day, write_number, write_percent
from batch.words.template import Form, Template, read_template

if TYPE_CHECKING:
    from pandas.api.typing import NaTType  # pandas itself is not needed to write words

LANGUAGES = ("fr", "en")
SINGULARS = {"fr": (0, 1), "en": (1,)}
PLACES = ("file", "sheet", "row", "column", "heading", "excerpt")

_BUCKET = re.compile(r"(\d+)-(\d+)|(\d+)\+")

Text = str | Mapping[str, str]


class Said(NamedTuple):
    """A sentence as a fact of another sentence: written in the language of the one it stands in."""

    group: str
    code: str
    facts: Mapping[str, object]


class Words:
    """The words of one language; `extra` (group → code → text) is laid over the shipped ones."""

    def __init__(self, language: str, extra: Mapping[str, Mapping[str, Text]] | None = None) -> None:
        """Read the language's file; ValueError for a language without one."""
        if language not in LANGUAGES:
            raise ValueError(f"no words in {language}")
        self.language = language
        written = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
        self._problems: dict[str, Mapping[str, str]] = written.pop("problems")
        self._texts: dict[tuple[str, str], Text] = {
            (group, code): text
            for source in (written, extra or {})
            for group, texts in source.items()
            for code, text in texts.items()
        }
        self._templates: dict[tuple[str, ...], Template] = {}
        self._writers: dict[type, Callable[[Any], str]] = {}
        self._unknown = self.label("facts", "unknown")

    def has(self, group: str, code: str) -> bool:
        """Return whether there are words for a code."""
        return (group, code) in self._texts

    def codes(self, group: str) -> tuple[str, ...]:
        """Return the codes of a group, in the file's order."""
        return tuple(code for at, code in self._texts if at == group)

    def label(self, group: str, code: str) -> str:
        """Return the fixed text of a code; KeyError when there is none."""
        text = self._texts.get((group, code)) or self._bucket(group, code)
        if text is None:
            raise KeyError(f"no words in {self.language} for {group}.{code}")
        if not isinstance(text, str):
            raise KeyError(f"{group}.{code} is a sentence by number, not a label")
        return text

    def sentence(self, group: str, code: str, facts: Mapping[str, object]) -> str:
        """Return the sentence of a code with its facts written in; KeyError when the code or a fact is missing."""
        return self._write(self._template((group, code)), facts)

    def problem(self, problem: Problem | RelanceError) -> tuple[str, str]:
        """Return what is wrong and its remedy; the place's file, sheet, row, column, heading, excerpt are facts too."""
        facts = {name: getattr(problem.source, name) for name in PLACES} | dict(problem.facts)
        template = self._problems[problem.code]
        message, hint = (
            self._template(("problems", problem.code, part), template[part]) for part in ("message", "hint")
        )
        return self._write(message, facts), self._write(hint, facts)

    def problem_codes(self) -> tuple[str, ...]:
        """Return the codes of all problems and errors that have words."""
        return tuple(self._problems)

    def amount(self, minor: int, currency: str) -> str:
        """Return an amount given in minor units: 1 234,56 €, €1,234.56."""
        return amount_form(self.language, currency).write(minor)

    def date(self, day: "dt.date | NaTType") -> str:
        """Return a day for tables and lists: 25/10/2026, 25 Oct 2026; "" for a missing one."""
        plain = plain_day(day)
        return write_day(self.language, plain) if plain else ""

    def long_date(self, day: "dt.date | NaTType") -> str:
        """Return a day for letters: 25 octobre 2026, 25 October 2026; "" for a missing one."""
        plain = plain_day(day)
        return write_long_day(self.language, plain) if plain else ""

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with the language's separators."""
        return write_number(self.language, value, decimals)

    def country(self, code: str) -> str:
        """Return the name of a country by its code (ISO 3166 alpha-2): Belgique; "" for one that is not known."""
        return write_country(self.language, code)

    def percent(self, basis_points: int) -> str:
        """Return a rate given in hundredths of a percent: 12,40 %."""
        return write_percent(self.language, basis_points)

    def fact(self, value: object) -> str:
        """Return one fact in the form of its type; what is missing (None, NaN, NaT) is said to be unknown."""
        kind = type(value)
        writer = self._writers.get(kind)
        if writer is None:
            # Types are few and facts are many: which form a type takes is found out once.
            writer = self._writers[kind] = next(form for base, form in self._forms() if issubclass(kind, base))
        return writer(value)

    def _forms(self) -> Iterator[tuple[type, Callable[[Any], str]]]:
        """Yield the forms by type, the narrow types before the wide ones (a bool is an int, a datetime is a date)."""
        yield str, str
        yield Said, lambda said: self.sentence(*said)
        yield Money, lambda money: self.amount(*money)
        yield dt.date, lambda day: self.date(day) or self._unknown
        yield bool, lambda flag: self.label("facts", "yes" if flag else "no")
        yield Integral, str
        yield Real, lambda figure: self._unknown if figure != figure else self._short(figure)  # noqa: PLR0124  NaN
        yield list, lambda several: ", ".join(map(self.fact, several))
        yield tuple, lambda several: ", ".join(map(self.fact, several))
        yield type(None), lambda _: self._unknown
        yield object, str

    def _short(self, figure: float) -> str:
        """Return a figure with one decimal at most."""
        rounded = round(float(figure), 1)
        return write_number(self.language, rounded, 0 if rounded.is_integer() else 1)

    def _template(self, key: tuple[str, ...], text: Text | None = None) -> Template:
        """Return the template of a text, read at its first use; `text` is looked up by group and code when not given."""
        template = self._templates.get(key)
        if template is None:
            template = read_template(self._texts[key[0], key[1]] if text is None else text)
            self._templates[key] = template
        return template

    def _write(self, template: Template, facts: Mapping[str, object]) -> str:
        form = self._form(template, facts.get("n"))
        written = []
        for parts, optional in form:
            if optional and any(name and _missing(facts.get(name)) for _, name, _ in parts):
                continue
            for text, name, spec in parts:
                written.append(text)
                if name:
                    value = facts[name]
                    written.append(self._counted(value, spec) if spec else self.fact(value))
        return "".join(written)

    def _bucket(self, group: str, code: str) -> str | None:
        """Return the words for an ageing bucket, whose bounds are settable: 1-30, 90+; None for anything else."""
        bounds = _BUCKET.fullmatch(code) if group == "buckets" else None
        if not bounds:
            return None
        first, last, over = bounds.groups()
        return (
            self.sentence(group, "over", {"last": over})
            if over
            else self.sentence(group, "between", {"first": first, "last": last})
        )

    def _form(self, template: Template, number: object) -> Form:
        if not isinstance(number, (int, float)) or number >= 0:
            return template.one if number in SINGULARS[self.language] else template.many
        return template.negative

    def _counted(self, value: object, spec: str) -> str:
        """Return a number with its thousands apart and, where the spec has them, the noun that goes with it."""
        if not isinstance(value, Real) or value != value:  # noqa: PLR0124  NaN is what differs from itself
            return self.fact(value)
        number = self._short(float(value))
        if spec == ",":
            return number
        one, many = spec.split("|")
        # French counts as singular all that is under 2; English only 1 itself.
        size = abs(float(value))
        single = size < 2 if self.language == "fr" else size == 1  # noqa: PLR2004  the rule's own figure
        return f"{number} {one if single else many}"


def _missing(value: object) -> bool:
    """Tell an unknown fact: None, NaN, NaT, an empty text, an amount of nothing."""
    return value is None or value == "" or value != value or (isinstance(value, Money) and not value.minor)  # noqa: PLR0124


def plain_day(day: "dt.date | NaTType") -> dt.date | None:
    """Return the day without time of day; None for NaT."""
    if day != day:  # noqa: PLR0124  NaT is what differs from itself
        return None
    return day.date() if isinstance(day, dt.datetime) else cast("dt.date", day)


@lru_cache(maxsize=8)
def for_language(language: str) -> Words:
    """Return the words of a language ("fr", "fr-CH", "en" …); English for one that has none."""
    code = language[:2].lower()
    return Words(code if code in LANGUAGES else "en")
