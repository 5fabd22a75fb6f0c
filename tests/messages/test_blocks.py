"""A filled template → subject and blocks; names → one clean line; an amount → instalments."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.messages.blocks import MARKS, PAYMENT, STATEMENT, SubjectMissingError, read_wording
from batch.messages.clean import clean, clean_lines
from batch.messages.terms import offered_instalments


def test_paragraphs_lines_and_tables() -> None:
    """Empty lines part paragraphs, however many; lines stay lines; a table stands alone even inside a sentence."""
    written = f"Subject: Hello\n\nOne.\nTwo.\n\n\n \nSee {STATEMENT} here.\n{PAYMENT}\n"

    assert read_wording(written, "en") == ("Hello", [("One.", "Two."), ("See",), STATEMENT, ("here.",), PAYMENT])


def test_french_spaces_do_not_break() -> None:
    """High punctuation and quotation marks keep their space on the same line, in French only."""
    written = "Subject: Reçue  ?\n\nUn « oui » : merci !"

    assert read_wording(written, "fr") == ("Reçue\xa0?", [("Un «\xa0oui\xa0»\xa0: merci\xa0!",)])
    assert read_wording(written, "en") == ("Reçue ?", [("Un « oui » : merci !",)])


@pytest.mark.parametrize("written", ["", "Hello\n\nText", "Subject:\n\nText", "Subject:   \n", "\n\nDear Sir"])
def test_a_wording_needs_a_subject(written: str) -> None:
    """The first line must be a subject that says something."""
    with pytest.raises(SubjectMissingError):
        read_wording(written, "en")


@pytest.mark.parametrize(("written", "expected"), [
    ("Durand SARL", "Durand SARL"),
    ("  Durand \n SARL\t", "Durand SARL"),
    ("Durand\r\nBcc: x@y.example", "Durand Bcc: x@y.example"),
    ("\u202eLRAS dnaruD", "LRAS dnaruD"),
    (f"Durand {STATEMENT}", "Durand"),
    ("Du\u2028rand\x00\x07", "Du rand"),
    ("{{ 7*7 }}", "{{ 7*7 }}"),
    ("Crème brûlée 東京 ✓", "Crème brûlée 東京 ✓"),
    ("x" * 201, "x" * 199 + "…"),
])  # fmt: skip
def test_clean(written: str, expected: str) -> None:
    """Names keep their letters and lose what breaks lines, hides or reorders."""
    assert clean(written) == expected


def test_an_address_keeps_its_lines() -> None:
    """An address is cleaned line by line, empty lines left out."""
    assert clean_lines("12 rue\x00 Haute\r\n\n 71000 Mâcon ") == ("12 rue Haute", "71000 Mâcon")


@given(st.text())
def test_a_clean_text_is_one_line_without_marks(text: str) -> None:
    """Whatever a name holds, it is one short line, cleaning it again changes nothing, and no mark is in it."""
    cleaned = clean(text)

    assert len(cleaned.splitlines()) <= 1
    assert clean(cleaned) == cleaned
    assert len(cleaned) <= 200
    assert not set(cleaned) & set(MARKS)
    cleaned.encode()


@given(st.integers(1, 10**12), st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_instalments_add_up(asked: int, as_of: dt.date) -> None:
    """Three instalments add up to what is asked, differ by 2 cents at most, and follow one another."""
    parts = offered_instalments(asked, as_of)

    assert sum(minor for _, minor in parts) == asked
    assert parts[0][1] - parts[-1][1] in (0, 1, 2)
    assert [day for day, _ in parts] == sorted({day for day, _ in parts})


def test_a_month_without_that_day_ends_on_its_last() -> None:
    """A week after 24 January is the 31st; the next parts are due on the last of February and on 31 March."""
    days = [day for day, _ in offered_instalments(300, dt.date(2027, 1, 24))]

    assert days == [dt.date(2027, 1, 31), dt.date(2027, 2, 28), dt.date(2027, 3, 31)]
