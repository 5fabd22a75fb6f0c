"""Senders' names with accents, however long: what readers show is the name; each line is as short as RFC 2047 wants it."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch.delivery import header

ADDRESS = "compta@alpha.example"
WORDS = st.sampled_from(
    [
        "Société",
        "Générale",
        "d'Électricité",
        "et",
        "de",
        "Plomberie",
        "S.A.R.L.",
        "&",
        "Fils,",
        "(69)",
        "=?x?=",
        "Œuvres",
        "à",
    ]
)


def read_today(raw: bytes, name: str) -> str:
    """Return the name as the standard library's parser of today shows it."""
    shown = message_from_bytes(raw, policy=policy.default)[name].addresses[0].display_name
    assert isinstance(shown, str)
    return shown


def read_by_the_rfc(raw: bytes, name: str) -> str:
    """Return the name as RFC 2047 has it: decoded word by word, blanks between two encoded words dropped."""
    mail = message_from_bytes(raw.replace(b"\r\n ", b" "))  # this reader leaves the ends of lines in a plain name
    shown, _, address = str(make_header(decode_header(mail[name]))).rpartition(" <")
    assert address == f"{ADDRESS}>"
    return shown.strip('"')


def longest_encoded_line(raw: bytes) -> int:
    """Return the length of the longest line that holds an encoded word, which RFC 2047 limits; 0 when there is none."""
    return max((len(line) for line in raw.split(b"\r\n") if b"=?utf-8" in line), default=0)


@pytest.mark.parametrize("field", ["From", "Reply-To"])
@pytest.mark.parametrize(
    "name",
    [
        "Société Générale d'Électricité et de Plomberie des Provinces Méditerranéennes Réunies",
        "Émile & Fils, Sàrl – Travaux publics, terrassement et location d'engins de chantier (Bâtiment)",
        "Établissements Durand, père et fils, entreprise générale de maçonnerie et de rénovation",
        "Entreprise  à  double  espace  et  très  longue  pour  tenir  dans  un  seul  mot",
        "Hôtel", "Alpha",
        "Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa, S.A.",
    ],
)  # fmt: skip
def test_a_name_is_shown_as_it_is(field: str, name: str) -> None:
    """By readers that keep the space between two encoded words, and by those that drop it; two spaces are shown as one."""
    raw = header.mailbox(field, ADDRESS, name).encode("ascii") + b"\r\nx"
    expected = " ".join(name.split())
    assert read_today(raw, field) == expected
    assert read_by_the_rfc(raw, field) == expected
    assert longest_encoded_line(raw) <= 76


@given(st.lists(WORDS, min_size=1, max_size=40))
def test_any_name_is_right_by_the_rfc(words: list[str]) -> None:
    """Also one without a plain word between its accents, where no writing suits every reader: then no word is torn apart."""
    name = " ".join(words)
    raw = header.mailbox("Reply-To", ADDRESS, name).encode("ascii") + b"\r\nx"
    assert read_by_the_rfc(raw, "Reply-To") == name
    assert re.sub(" +", " ", read_today(raw, "Reply-To")) == name
    assert longest_encoded_line(raw) <= 76


def test_a_name_without_spaces_is_cut_between_letters() -> None:
    """There is no other place."""
    name = "東京電力株式会社" * 8
    raw = header.mailbox("From", ADDRESS, name).encode("ascii") + b"\r\nx"
    assert read_by_the_rfc(raw, "From") == name
    assert read_today(raw, "From").replace(" ", "") == name
