"""The words of an events file, French and English: headings, kinds and steps → the journal's codes. Data only.

Words are written as `plain` leaves them: lower case, no accents, single spaces, typographic apostrophe and hyphen made simple.
"""

import re
import unicodedata

from batch.core.codes import KINDS_OF_EVENT, STEPS

# What the file calls each column; the first word is the one that `write_events` uses.
HEADINGS = {
    "at": ("date", "le", "jour", "day"),
    "debtor_id": ("customer", "client", "compte client", "code client", "debiteur", "debtor", "customer id"),
    "kind": ("kind", "type", "nature", "evenement", "event"),
    "number": ("invoice", "facture", "n facture", "no facture", "numero de facture", "piece", "invoice number"),
    "step": ("step", "etape", "niveau", "relance", "level"),
    "amount": ("amount", "montant"),
    "until": ("until", "jusqu'au", "jusqu'a", "echeance", "pour le"),
    "note": ("note", "notes", "commentaire", "remarque", "comment", "texte"),
    "currency": ("currency", "devise", "monnaie"),
    "value": ("value", "valeur"),
    "meaning": ("meaning", "sens", "signification"),
    "by": ("by", "par", "auteur", "author"),
    "message_id": ("message_id", "message id", "message-id", "id message"),
    "item_id": ("item_id", "item id", "cle", "item"),
    "round": ("round", "tour"),
}
NEEDED = ("at", "debtor_id", "kind")

_KINDS = {
    "sent": ("envoye", "envoyee", "envoi", "relance", "relance envoyee", "mail envoye", "e-mail envoye", "mail", "e-mail"),
    "refused": ("refuse", "refusee", "rejete par le serveur"),
    "uncertain": ("incertain", "incertaine", "envoi incertain"),
    "bounced": ("retourne", "retour", "non distribue", "rebond", "adresse en erreur", "bounce"),
    "replied": ("repondu", "reponse", "a repondu", "reply"),
    "auto_replied": ("reponse automatique", "absence", "auto reply", "automatic reply", "out of office"),
    "called": ("appele", "appel", "appel telephonique", "telephone", "call"),
    "met": ("rencontre", "rendez-vous", "visite", "entretien", "meeting", "visit"),
    "promised": ("promis", "promesse", "promesse de paiement", "promise", "promise to pay"),
    "disputed": ("conteste", "litige", "contestation", "reclamation", "dispute"),
    "dispute_solved": ("litige resolu", "litige regle", "litige clos", "contestation levee", "dispute solved", "solved"),
    "plan_agreed": ("echeancier", "echeancier convenu", "echeancier accepte", "plan convenu", "plan agreed", "plan"),
    "instalment": ("mensualite", "installment"),
    "plan_cancelled": ("echeancier annule", "echeancier rompu", "plan annule", "plan cancelled", "plan canceled"),
    "debit_rejected": ("prelevement rejete", "rejet", "rejet de prelevement", "impaye", "cheque impaye", "debit rejected"),
    "insolvency": ("insolvabilite", "procedure collective", "redressement judiciaire", "liquidation judiciaire",
                   "sauvegarde", "insolvent"),
    "held": ("suspendu", "suspendue", "mis en attente", "en attente", "attente", "hold", "on hold"),
    "released": ("libere", "liberee", "repris", "reprise", "attente levee", "release"),
    "skipped": ("saute", "sautee", "passe", "ignore", "skip"),
    "reclassified": ("reclasse", "reclassee", "reclassement"),
    "address": ("adresse", "nouvelle adresse", "adresse corrigee", "new address"),
    "noted": ("note", "remarque", "remark"),
    "handed_over": ("transmis", "transmise", "dossier transmis", "remis", "handed over", "hand over"),
    "registered_letter": ("lettre recommandee", "recommande", "lrar", "lettre recommandee avec ar", "registered letter"),
    "closed": ("clos", "close", "classe", "dossier clos", "ferme"),
}  # fmt: skip

_STEPS = {
    "courtesy": ("courtoisie", "rappel de courtoisie", "avis d'echeance", "avis avant echeance", "courtesy notice"),
    "reminder_1": ("relance 1", "premiere relance", "1re relance", "1ere relance", "r1", "first reminder", "1"),
    "reminder_2": ("relance 2", "deuxieme relance", "seconde relance", "2e relance", "2eme relance", "r2",
                   "second reminder", "2"),
    "resend_invoice": ("renvoi de la facture", "renvoi de facture", "renvoi facture", "facture renvoyee"),
    "plan_offer": ("proposition d'echeancier", "offre d'echeancier", "proposer un echeancier", "instalment offer"),
    "plan_reminder": ("rappel d'echeancier", "rappel d'echeance", "relance d'echeancier", "instalment reminder"),
    "call": ("appel", "appel telephonique", "telephone", "phone call"),
    "meeting": ("rendez-vous", "visite", "rencontre", "visit"),
    "solve_dispute": ("regler le litige", "traiter le litige", "litige", "resoudre le litige"),
    "formal_notice": ("mise en demeure", "med"),
    "lawyer": ("avocat", "lettre d'avocat"),
    "bailiff": ("huissier", "commissaire de justice"),
    "agency": ("agence", "societe de recouvrement", "cabinet de recouvrement", "collection agency"),
    "court": ("tribunal", "justice", "injonction de payer", "procedure judiciaire"),
    "claim": ("declaration de creance", "declaration", "claim in insolvency"),
    "confirmation": ("mail de confirmation", "confirmer"),
}  # fmt: skip


def plain(text: str) -> str:
    """Return the text as the vocabulary writes it."""
    simple = unicodedata.normalize("NFKD", text).translate({0x2019: "'", 0x2010: "-", 0x2011: "-", 0xB0: " "})
    bare = "".join(letter for letter in simple if not unicodedata.combining(letter)).casefold()
    return re.sub(r"\s+", " ", bare).strip(" :.*")


def _by_word(codes: tuple[str, ...], words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    known = {word: code for code, synonyms in words.items() for word in synonyms}
    return known | {code.replace("_", " "): code for code in codes} | {code: code for code in codes}


HEADING_OF = {word: name for name, words in HEADINGS.items() for word in words}
KIND_OF = _by_word(KINDS_OF_EVENT, _KINDS)
STEP_OF = _by_word(STEPS, _STEPS)
