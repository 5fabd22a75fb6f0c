"""The shipped word lists, read by core.lexicon: what people write, and what it is taken to mean."""

import re

import pytest

from batch.core.lexicon import meanings
from batch.settings import shipped

SAID = [
    ("Bonjour, nous n'avons jamais reçu cette facture, pouvez-vous nous la renvoyer ?", {"not_received"}),
    ("Facture non reçue", {"not_received"}),
    ("pas reçu la facture", {"not_received"}),
    ("Le client dit ne pas avoir reçu la facture", {"not_received"}),
    ("Payé par chèque ; facture jamais reçue", {"not_received", "paid"}),
    ("Merci de nous envoyer un duplicata de la facture", {"not_received"}),
    ("We never received this invoice, please resend", {"not_received"}),
    ("M. Durand a quitté l'entreprise, merci d'écrire à notre comptabilité", {"wrong_contact"}),
    ("Wrong person, please contact our accounts department", {"wrong_contact"}),
    ("Trésorerie très tendue en ce moment, pouvons-nous étaler le paiement ?", {"asks_time", "cash_trouble"}),
    ("Nous demandons un délai de paiement", {"asks_time"}),
    ("Pouvons-nous régler en trois fois ?", {"asks_time"}),
    ("Could we have more time? Cash is tight.", {"asks_time", "cash_trouble"}),
    ("Nous ne pouvons pas payer tout de suite", {"cash_trouble"}),
    ("Litige qualité, avoir à venir", {"disputes"}),
    ("Pas de réponse, litige sur la quantité", {"disputes", "no_answer"}),
    ("Facture non réglée, litige", {"disputes"}),
    ("Sans nouvelles, mais litige possible", {"disputes"}),
    ("le problème de qualité n'est pas réglé", {"disputes"}),
    ("Marchandise non conforme", {"disputes"}),
    ("Marchandise non reçue", {"disputes"}),
    ("Nous attendons l’avoir", {"disputes"}),
    ("We dispute the price", {"disputes"}),
    ("Credit note to follow", {"disputes"}),
    ("le chèque est parti", {"cheque_sent"}),
    ("cheque sent, says the assistant", {"cheque_sent"}),
    ("Chèque non reçu", {"cheque_not_received"}),
    ("Chèque annoncé le 12/10, rien reçu", {"cheque_not_received"}),
    ("Chèque annoncé par téléphone le 3/11 non reçu", {"cheque_not_received"}),
    ("virement le 25", {"promise"}),
    ("Le virement sera fait mardi", {"promise"}),
    ("Promesse de règlement fin de mois", {"promise"}),
    ("We will pay on Friday", {"promise"}),
    ("Promesse non tenue", {"promise_broken"}),
    ("Promesse de paiement au 30/10 non tenue", {"promise_broken"}),
    ("Already paid on 3 May", {"paid"}),
    ("payé le 12/03 par virement", {"paid"}),
    ("Prélèvement rejeté 12/09, provision insuffisante", {"debit_rejected"}),
    ("Chèque sans provision", {"debit_rejected"}),
    ("redressement judiciaire, BODACC du 05/11/2026", {"insolvency"}),
    ("LJ depuis le 12/05", {"insolvency"}),
    ("The company is in receivership", {"insolvency"}),
    ("Échéancier accordé, 3 x 500", {"plan"}),
    ("Injoignable, messagerie", {"no_answer"}),
    ("no answer", {"no_answer"}),
]

DENIED = [
    "Pas de litige",
    "Il n'y a aucun litige sur ce dossier",
    "Plus de litige",
    "Litige résolu le 12/03",
    "No dispute",
    "pas de problème de qualité",
    "Nothing wrong with the delivery",
    "N'est pas en redressement",
    "Not insolvent",
    "Pas d'échéancier",
]

MEANS_NOTHING = [
    "Avoir 2026-03",
    "Nous allons avoir du retard",
    "Avoir bien noté le changement d'adresse",
    "règlement non lettré",
    "Paiement non reçu",
    "We have not received the goods receipt yet from the carrier, only the payment reference",
    "liquidation de stock",
    "Sauvegarde des données",
    "Mensualité de janvier",
    "Abonnement sur 12 mois",
    "Retenue de garantie 5 %",
    "Client fidèle, rien à signaler",
    "à rappeler lundi",
    "RAS",
]


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_what_is_said_is_understood(text: str, expected: set[str]) -> None:
    """Each sentence carries exactly these meanings."""
    assert set(meanings(text, shipped.words())) == expected


@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied_does_not_count(text: str) -> None:
    """A negation in the same clause, or a word that says it is over, takes the meaning away."""
    assert meanings(text, shipped.words()) == ()


@pytest.mark.parametrize("text", MEANS_NOTHING)
def test_everyday_words_of_bookkeeping_mean_nothing(text: str) -> None:
    """Words that look alike but say nothing about why an invoice is unpaid are left alone."""
    assert meanings(text, shipped.words()) == ()


def test_patterns_match_plain_text() -> None:
    """Patterns stand against lower-cased text without accents: none of them holds a capital or an accent."""
    patterns = [pattern for several in shipped.words().meanings.values() for pattern in several]
    bare = [re.sub(r"\\[a-zA-Z]", "", pattern) for pattern in patterns]
    assert [pattern for pattern in bare if pattern != pattern.lower() or not pattern.isascii()] == []
