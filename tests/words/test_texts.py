"""fr.toml and en.toml against each other and against the codes that the house uses."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from batch.core.classify import JUDGED
from batch.core.codes import KINDS_OF_EVENT, KINDS_OF_ITEM, STANDINGS, STEPS
from batch.core.explain import LATER_RULES
from batch.report.reconciliation import PARTS
from batch.report.sending import OUTCOMES
from batch.settings import shipped
from batch.words import LANGUAGES, PLACES, Words
from batch.words.template import read_template
from tests.words.codes import asked, mentioned, raised

CODES = {
    "standings": STANDINGS,
    "steps": STEPS,
    "channels": ("mail", "letter", "call", "dossier", "task"),
    "decisions": ("send", "hold", "skip", "call", "closed"),
    "severities": ("error", "warning", "info"),
    "events": KINDS_OF_EVENT,
    "kinds": KINDS_OF_ITEM,
    "natures": ("business", "consumer", "public"),
    "column_why": ("named", "word", "general", "likely", "rivals", "own", "refused", "beaten", "empty", "unknown"),
    "parts": (*PARTS, "unread"),
    "evidence": tuple(shipped.read_toml("evidence.toml")),
    "reasons": (
        "step-due", "courtesy-due", "first-contact-old", "resend-not-received", "resend-bounced", "resend-no-address", "resend-doubtful",
        "plan-asked", "plan-after-reminder", "claim-insolvency", "claim-deadline-unknown", "claim-filed", "dispute-open", "nothing-overdue",
        "nothing-open", "not-yet", "gap", "promise-running", "hold", "plan-in-force", "disputed-items", "credits-cover",
        "below-tolerance", "waiting-reply", "answer-pause", "uncertain-mail", "direct-debit", "retention",
        "ladder-end", "resend-grace", "offer-wait", "closed", "handed-over", "insolvency-words",
        "only-credits", "never", "policy-unknown", "below-minimum", "insolvency",
    ),
    "overtaken": ("paid", "part-paid", "raised", "gone", "moved", "disputed", "credit-new", "credit-changed", "more"),
    "outcome": OUTCOMES,
    "decided_by": ("points", "nothing-overdue", "dispute", "plan-agreed", "insolvency", "insolvency-words", "override"),
    "ruled_out": JUDGED,
    "rung_states": ("taken", "made", "lapsed", "skipped"),
    "conditions": ("days-late", "days-before", "since-contact", "resend-grace", "after", "written", "minimum", "gap", "approval", "no-approval"),
    "rules": (
        "never", "policy-unknown", "insolvency", "closed", "uncertain-mail", "handed-over", "plan-in-force", "hold", "promise-running", "disputed-items", "direct-debit",
        "retention", "waiting-reply", "answer-pause", "resend-grace", *LATER_RULES,
    ),
    "admissions": (
        "approved", "not-approved", "needs-approval", "deadline-near", "held", "skipped", "called", "closed", "not-understood", "not-in-plan", "no-message", "by-telephone", "by-dossier", "by-post",
        "text-differs", "attachment-changed", "already-sent", "gap", "promise-running", "hold", "plan-in-force", "limit-reached", "server-later",
        "interrupted", "pace-reached", "outside-window", "day-over",
        "credits-cover", "uncertain-mail", "unremembered", "paid-since", "no-address", "weekend-or-holiday", "changed-since",
    ),
}  # fmt: skip

# What each kind of sentence is given by those who ask for it.
GIVEN = {
    "evidence": {"n", "m", "days", "amount", "at", "text", "currency"},
    "advice": {"n", "m", "days", "amount", "at", "text", "currency"},
    "conditions": {"n", "have", "amount", "after"},
    "decided_by": {"n", "standing", "computed"},
    "reasons": {"n", "days", "on", "amount", "text", "step", "next_step"},
    "admissions": set(),
    "overtaken": {"number", "was", "now", "n"},
}


def leaves(table: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every text of a file with its path."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*at, key))
        else:
            yield (*at, key), value


def texts(language: str) -> dict[tuple[str, ...], str]:
    """Return all texts of a language by path."""
    return dict(leaves(tomllib.loads(files("batch.words").joinpath(f"{language}.toml").read_text(encoding="utf-8"))))


def test_both_languages_have_the_same_texts() -> None:
    """What is said in French is said in English, in the same order."""
    assert list(texts("fr")) == list(texts("en"))


def test_both_languages_use_the_same_facts() -> None:
    """No figure is lost in translation."""
    names = [{path: read_template(text).names for path, text in texts(language).items()} for language in LANGUAGES]
    assert names[0] == names[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_words(language: str) -> None:
    """Standings, steps, channels, decisions, events, facts, reasons and refusals can all be said."""
    words = Words(language)
    assert [(group, code) for group, codes in CODES.items() for code in codes if not words.has(group, code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_need_only_what_they_are_given(language: str) -> None:
    """A sentence of evidence, advice, reason or refusal names no fact that nobody supplies."""
    asked = {
        path: read_template(text).needed - GIVEN[path[0]] for path, text in texts(language).items() if path[0] in GIVEN
    }
    assert {path: names for path, names in asked.items() if names} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_padded(language: str) -> None:
    """Each text says something; only pieces that are put together begin with a space or a colon."""
    together = {"place", "terminal"}
    assert [path for path, text in texts(language).items() if not text.strip()] == []
    assert [path for path, text in texts(language).items() if text != text.strip() and path[0] not in together] == []


def test_french_signs_keep_their_space() -> None:
    """Before : ; ? ! and inside « » the space never breaks."""
    signs = [" :", " ;", " ?", " !", "« ", " »"]
    assert [path for path, text in texts("fr").items() if any(sign in text for sign in signs)] == []


NO_PROBLEMS: frozenset[str] = frozenset()  # other texts of that form
SOURCE = Path(__file__).parents[2] / "batch"


def test_every_code_in_the_source_has_its_words() -> None:
    """A problem without words would end in a traceback on somebody's desk; what has a hyphen is a problem's code."""
    codes = {code for code in mentioned(SOURCE) if "-" in code and code not in NO_PROBLEMS}
    assert sorted(codes - set(Words("fr").problem_codes())) == []


def test_no_problem_has_words_in_vain() -> None:
    """Words of a problem that nothing raises any more are removed with it."""
    assert sorted(set(Words("fr").problem_codes()) - mentioned(SOURCE)) == []


def test_problems_are_given_the_facts_their_words_name() -> None:
    """Where the source writes the facts out, none that message or remedy need is missing."""
    table = texts("fr")
    lacking = {}
    for code, (facts, complete) in raised(SOURCE).items():
        written = [table[path] for part in ("message", "hint") if (path := ("problems", code, part)) in table]
        needed = frozenset[str]().union(*(read_template(text).needed for text in written))
        if complete and (lack := needed - facts - set(PLACES)):
            lacking[code] = sorted(lack)
    assert lacking == {}


def test_texts_that_the_source_asks_for_are_there() -> None:
    """Each group and code written out in the source has its text, and the facts that the text names."""
    words, table = Words("fr"), texts("fr")
    assert sorted(key for key in asked(SOURCE) if not words.has(*key)) == []
    lacking = {}
    for key, facts in asked(SOURCE).items():
        written = [text for path, text in table.items() if path[:2] == key]
        needed = frozenset[str]().union(*(read_template(text).needed for text in written))
        if facts is not None and needed - facts:
            lacking[key] = sorted(needed - facts)
    assert lacking == {}
