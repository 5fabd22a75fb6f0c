"""Payment terms as people write them, and the due days that a ledger without them gets."""

from pathlib import Path

import pytest

from batch.core.calendar import Terms
from batch.core.policy import Reading
from batch.core.problem import Severity
from batch.ledger.cells.terms import is_usual, read_terms
from tests.ledger.kit import codes, days, read_csv


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("30 jours", Terms(30)),
        ("30", Terms(30)),
        ("30J", Terms(30)),
        ("60 j net", Terms(60)),
        ("A 30 jours nets", Terms(30)),
        ("Paiement à 30 jours date d'émission de facture", Terms(30)),
        ("virement 30 jours", Terms(30)),
        ("30 jours à réception", Terms(30)),
        ("45 jours fin de mois", Terms(45, month_end=True)),
        ("LCR 60 jours fin de mois", Terms(60, month_end=True)),
        ("45 JFM", Terms(45, month_end=True)),
        ("30 jours FDM", Terms(30, month_end=True)),
        ("fin de mois", Terms(month_end=True)),
        ("fin de mois suivant", Terms(months=1, month_end=True)),
        ("30 jours le 10", Terms(30, day=10)),
        ("30 jours fin de mois le 10", Terms(30, month_end=True, day=10)),
        ("30 jours fin de mois le 15 du mois suivant", Terms(30, month_end=True, day=15)),
        ("10 du mois suivant", Terms(month_end=True, day=10)),
        ("15 MFI", Terms(month_end=True, day=15)),
        ("2 mois", Terms(months=2)),
        ("comptant", Terms()),
        ("à réception", Terms()),
        ("0", Terms()),
        ("Net 30", Terms(30)),
        ("Net30", Terms(30)),
        ("2/10 net 30", Terms(30)),
        ("2%/10, n/30", Terms(30)),
        ("Due on receipt", Terms()),
        ("EOM", Terms(month_end=True)),
        ("Net 30 EOM", Terms(30, month_end=True, end_first=True)),
        ("10th of the following month", Terms(month_end=True, day=10)),
        ("1 month", Terms(months=1)),
        ("30 Tage netto", Terms(30)),
        ("14 Tage 2% Skonto, 30 Tage netto", Terms(30)),
        ("sofort", Terms()),
    ],
)
def test_terms_as_people_write_them(text: str, terms: Terms) -> None:
    """Days, month's end, day of the month; what a discount asks for is not what the invoice falls due by."""
    assert read_terms(text) == terms


@pytest.mark.parametrize(
    "text", ["selon contrat", "bla 30", "30/60/90", "30 jours 60 jours", "Proxima", "999", "jours", "", "standard"]
)
def test_terms_that_are_not_understood_are_none(text: str) -> None:
    """One foreign word is enough: three instalments are not ninety days."""
    assert read_terms(text) is None


def test_usual_terms_are_those_of_the_settings() -> None:
    """A blank cell and "standard" are no mistake."""
    assert (is_usual(""), is_usual("Standard"), is_usual("selon contrat")) == (True, True, False)


LEDGER = """Compte client;Client;N° facture;Date facture;Conditions de règlement;Solde
    C1;Durand;F1;10/01/2026;45 jours fin de mois;100,00
    C1;Durand;F2;20/01/2026;;100,00
    C2;Martin;F3;10/01/2026;selon contrat;100,00
    C3;Petit;F4;10/01/2026;comptant;100,00
    C4;Roux;F5;10/01/2026;;100,00
    C3;Petit;A1;15/01/2026;comptant;-20,00"""


def test_due_days_follow_the_customers_terms_then_the_settings(tmp_path: Path) -> None:
    """A blank cell takes the customer's other terms; unknown ones take terms_days; a credit is due at once. All is said."""
    ledger = read_csv(tmp_path, LEDGER)
    # 10 January + 45 = 24 February → 28; 20 January + 45 = 6 March → 31; + 30 days = 9 February.
    assert days(ledger, "due") == ["2026-02-28", "2026-03-31", "2026-02-09", "2026-01-10", "2026-02-09", "2026-01-15"]
    assert [(problem.code, problem.severity, problem.facts) for problem in ledger.problems] == [
        (
            "DUE-DATE-BY-TERMS",
            Severity.INFO,
            {"n": 3, "terms": ["45 jours fin de mois (2)", "comptant (1)"], "other": "before"},
        ),
        ("TERMS-UNKNOWN", Severity.WARNING, {"n": 1, "terms": ["selon contrat (1)"], "days": 30}),
        ("DUE-DATE-COMPUTED", Severity.INFO, {"n": 2, "days": 30}),
    ]


def test_the_end_of_the_month_may_come_before_the_days(tmp_path: Path) -> None:
    """end_of_month = "before": 31 January and 45 days is 17 March, for both."""
    ledger = read_csv(tmp_path, LEDGER, Reading(end_of_month="before", terms_days=60))
    assert days(ledger, "due")[:3] == ["2026-03-17", "2026-03-17", "2026-03-11"]


def test_a_due_date_in_the_file_goes_before_every_term(tmp_path: Path) -> None:
    """Terms only fill what is blank."""
    text = "Client;N° facture;Date facture;Échéance;Conditions de règlement;Solde\nA;F1;10/01/2026;15/01/2026;60 jours;1,00\nA;F2;20/01/2026;;60 jours;1,00"
    ledger = read_csv(tmp_path, text)
    assert (days(ledger, "due"), codes(ledger)) == (["2026-01-15", "2026-03-21"], ["DUE-DATE-BY-TERMS"])
