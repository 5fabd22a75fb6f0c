"""What texts mean, in French and English, negation understood."""

import pandas as pd
import pytest

from batch.core.lexicon import meanings, plain, read
from tests.core.kit import policy
from tests.core.sentences import ENGLISH, FRENCH


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Litige qualité, avoir à venir", "disputes"),
        ("Bonjour, nous n'avons jamais reçu cette facture", "not_received"),
        ("Trésorerie très tendue en ce moment", "cash_trouble"),
        ("pouvons-nous étaler le paiement ?", "asks_time"),
        ("RJ ouvert le 05/11/2026, BODACC", "insolvency"),
        ("le chèque est parti", "cheque_sent"),
        ("cheque sent, says the assistant", "cheque_sent"),
        ("échéancier accordé", "plan"),
        ("We dispute the quantity", "disputes"),
        ("promesse de virement du 15/09 non tenue", "promise_broken"),
        ("chèque annoncé le 20/10, rien reçu", "cheque_not_received"),
        ("prélèvement rejeté le 12/10", "debit_rejected"),
    ],
)
def test_words_are_understood(text: str, expected: str) -> None:
    """Each of these texts carries its meaning."""
    assert expected in meanings(text, policy().words)


@pytest.mark.parametrize(
    "text",
    [
        "pas de litige",
        "aucun litige à ce jour",
        "Avoir",
        "AV-2026-12 avoir sur facture",
        "no dispute",
        "Client fidèle",
        "",
    ],
)
def test_a_denied_dispute_and_a_credit_note_are_no_dispute(text: str) -> None:
    """Negation is understood, and "avoir" on a credit row is no dispute."""
    assert "disputes" not in meanings(text, policy().words)


def test_texts_are_compared_without_accents_and_case() -> None:
    """Accents, capitals, typographic apostrophes and white space do not matter."""
    assert plain("L’ÉCHÉANCIER \n accordé") == "l'echeancier accorde"


def test_reading_keeps_the_place_of_each_text() -> None:
    """Every row gets its own meanings; empty rows none."""
    found = read(pd.Series(["", "litige", "litige"], index=[7, 8, 9], dtype="str"), policy().words)
    assert found["index"].tolist() == [8, 9]
    assert found["meaning"].tolist() == ["disputes", "disputes"]


@pytest.mark.parametrize(("text", "expected"), [*FRENCH.items(), *ENGLISH.items()])
def test_what_clerks_and_debtors_write(text: str, expected: set[str]) -> None:
    """Each sentence means what a clerk would take it for, all of it and no more."""
    assert set(meanings(text, policy().words)) == expected


def test_no_pattern_holds_a_control_character() -> None:
    """A backslash lost in a TOML string makes a pattern that never matches."""
    words = policy().words
    patterns = [pattern for patterns in words.meanings.values() for pattern in patterns] + list(words.negations)
    assert [pattern for pattern in patterns if not pattern.isprintable()] == []
