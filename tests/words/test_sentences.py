"""Codes and facts → sentences: places, numbers with their nouns, what is left out, what is refused."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.problem import Money, Problem, RelanceError, Severity, Source
from batch.words import Said, Words, for_language
from batch.words.template import read_template

FIXED = "\N{NO-BREAK SPACE}"


def said(text: object, facts: dict[str, object], language: str = "en") -> str:
    """Return a sentence of our own with these facts."""
    return Words(language, {"ours": {"it": text}}).sentence("ours", "it", facts)  # type: ignore[dict-item]


def test_facts_take_the_form_of_their_type() -> None:
    """Money, days, figures, texts, flags and lists each have their own form."""
    facts: dict[str, object] = {
        "money": Money(123456, "EUR"), "day": dt.date(2026, 10, 25), "stamp": pd.Timestamp("2026-10-25"), "figure": 4.26,
        "whole": 4.0, "count": 12, "text": "a {brace}", "flag": True, "several": ["a", "b"],
    }  # fmt: skip
    text = "{money}|{day}|{stamp}|{figure}|{whole}|{count}|{text}|{flag}|{several}"
    assert said(text, facts) == "€1,234.56|25 Oct 2026|25 Oct 2026|4.3|4|12|a {brace}|yes|a, b"
    assert said(text, facts, "fr").startswith(
        f"1\N{NARROW NO-BREAK SPACE}234,56{FIXED}€|25/10/2026|25/10/2026|4,3|4|12|"
    )


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NaT])
def test_a_missing_fact_is_said_to_be_unknown(missing: object) -> None:
    """What pandas does not know is never shown as nan or NaT."""
    assert said("until {day}", {"day": missing}) == "until unknown"


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NaT, "", Money(0, "EUR")])
def test_an_optional_stretch_goes_with_its_fact(missing: object) -> None:
    """[[ … ]] is left out, with its words, when its fact is missing."""
    assert said("disputed[[ since {on}]], to solve", {"on": missing}) == "disputed, to solve"
    assert said("disputed[[ since {on}]], to solve", {}) == "disputed, to solve"
    assert (
        said("disputed[[ since {on}]], to solve", {"on": dt.date(2026, 5, 1)}) == "disputed since 1 May 2026, to solve"
    )


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [("fr", 0, "one"), ("fr", 1, "one"), ("fr", 2, "many"), ("en", 0, "many"), ("en", 1, "one"), ("en", 2, "many")],
)
def test_a_sentence_by_number(language: str, number: int, expected: str) -> None:
    """Nothing is singular in French and plural in English."""
    assert said({"one": "one", "many": "many"}, {"n": number}, language) == expected


def test_a_sentence_below_zero() -> None:
    """Days before a due date have words of their own."""
    text = {"one": "{n} day late", "many": "{n} days late", "negative": "due soon"}
    assert [said(text, {"n": number}) for number in (-5, 1, 3)] == ["due soon", "1 day late", "3 days late"]


def test_a_number_takes_its_noun() -> None:
    """The noun agrees with its own number, whichever fact that is; thousands stand apart."""
    text = "{n:invoice|invoices}, {days:day|days}"
    assert said(text, {"n": 1, "days": 2}) == "1 invoice, 2 days"
    assert said(text, {"n": 1200, "days": 1.5}) == "1,200 invoices, 1.5 days"
    assert said("{n:jour|jours}", {"n": 1.5}, "fr") == "1,5 jour"
    assert said("{n:,}", {"n": 1200}) == "1,200"


def test_a_sentence_in_a_sentence() -> None:
    """A fact may itself be said in the language of the sentence around it."""
    facts: dict[str, object] = {"allowed": Said("allowed", "at-least", {"bound": 3})}
    assert said("It takes {allowed}.", facts) == "It takes a whole number, at least 3."
    assert said("Il faut {allowed}.", facts, "fr") == "Il faut un nombre entier, au moins 3."


@pytest.mark.parametrize(
    "text", ["{a.b}", "{a[0]}", "{a!r}", "{}", "{0}", "{a:.2f}", "{a:x|y|z}", {"one": "x"}, {"few": "x"}]
)
def test_templates_hold_plain_names_only(text: object) -> None:
    """Attributes, indexes, conversions and formats are refused when a template is read."""
    with pytest.raises(ValueError, match=r"plain place|one and many"):
        read_template(text)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.text())
def test_a_fact_is_never_read_as_a_template(text: str) -> None:
    """Braces and brackets that come from a ledger stay what they are."""
    assert said("{text}.", {"text": text}) == f"{text}."


def test_missing_words_and_facts_are_bugs() -> None:
    """A code without words, or a sentence without its fact, is a KeyError and never a half sentence."""
    words = Words("fr", {"ours": {"it": "{n} fois", "many": {"one": "a", "many": "b"}}})
    for broken in (
        lambda: words.label("standings", "absent"),
        lambda: words.label("absent", "absent"),
        lambda: words.sentence("ours", "absent", {}),
        lambda: words.sentence("ours", "it", {}),
        lambda: words.label("ours", "many"),
        lambda: words.problem(RelanceError("ABSENT")),
    ):
        with pytest.raises(KeyError):
            broken()


def test_labels() -> None:
    """The words a reviewer reads; bad faith is presumed, never asserted."""
    fr, en = for_language("fr"), for_language("en")
    assert (fr.label("standings", "dishonest"), en.label("standings", "dishonest")) == (
        "mauvaise foi présumée",
        "bad faith presumed",
    )
    assert fr.label("steps", "courtesy") == "avis d'échéance"
    assert fr.has("steps", "courtesy")
    assert not fr.has("steps", "absent")


def test_buckets_follow_the_settings() -> None:
    """Ageing buckets have settable bounds, so their words are made from them."""
    fr, en = for_language("fr"), for_language("en")
    assert [fr.label("buckets", code) for code in ("not_due", "1-15", "45+")] == [
        "à échoir",
        "1 à 15 jours",
        "plus de 45 jours",
    ]
    assert [en.label("buckets", code) for code in ("not_due", "31-60", "90+")] == [
        "not due",
        "31 to 60 days",
        "over 90 days",
    ]


def test_a_problem_has_its_place_among_its_facts() -> None:
    """Message and remedy may name file, sheet, row, column, heading and excerpt; the problem's own facts go first."""
    problem = Problem(
        "SETTINGS-UNREADABLE", Severity.ERROR, Source(file="relance.toml"), {"path": "a/relance.toml", "why": "UTF-8"}
    )
    message, hint = Words("en").problem(problem)
    assert message == "The settings file a/relance.toml cannot be read (UTF-8)."
    assert hint == "Save it as UTF-8 text, and check that you are allowed to read it."


def test_an_unknown_language_is_english() -> None:
    """Debtors of any language get words; a language with a region is its own language; instances are shared."""
    assert for_language("de").language == "en"
    assert for_language("fr-CH").language == "fr"
    assert for_language("fr") is for_language("fr")


def test_extra_words_lie_over_the_shipped_ones() -> None:
    """A room or a user may bring texts of their own."""
    words = Words("fr", {"standings": {"current": "en règle"}})
    assert words.label("standings", "current") == "en règle"
    assert words.label("standings", "disputed") == "litige"


EVIDENCE = {
    "n": 11,
    "m": 12,
    "days": 3.6,
    "amount": Money(123456, "EUR"),
    "at": dt.date(2026, 11, 3),
    "text": "litige prix",
}


@pytest.mark.parametrize(
    ("group", "code", "expected"),
    [
        ("evidence", "habit-on-time", "11 factures payées à temps sur 12 (retard moyen : 3,6 jours)"),
        ("evidence", "dispute", "11 factures échues contestées sur 12 (03/11/2026) : « litige prix »"),
        ("evidence", "promise-broken", "11 promesses de paiement n'ont pas été tenues, la dernière pour le 03/11/2026"),
        ("evidence", "orders-while-late", "11 factures ont été émises depuis, impayées elles aussi (1 234,56 €)"),
        ("reasons", "step-due", "échu depuis 4 jours : relance 1"),
        ("reasons", "hold", "mis en attente jusqu'au 03/11/2026"),
        ("admissions", "gap", "contact trop récent ; à partir du 03/11/2026"),
    ],
)
def test_sentences_as_people_read_them(group: str, code: str, expected: str) -> None:
    """The French sentences with their figures; spaces that must not break are compared as plain ones."""
    facts = EVIDENCE | ({"days": 4, "step": "relance 1", "on": dt.date(2026, 11, 3)} if group != "evidence" else {})
    told = for_language("fr").sentence(group, code, facts)
    assert told.replace(FIXED, " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == expected
