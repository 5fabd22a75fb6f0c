"""What a message says, to whom and about which items: figures reasoned by hand."""

import datetime as dt
from dataclasses import replace

import pytest

from batch.core.policy import Charging, Company, Policy
from batch.core.problem import Problem
from batch.core.records import Message
from batch.messages.accounts import gather
from batch.messages.render import digest, render
from tests.messages.plans import COMPANY, POLICY, Case, Item, make_plan


def write(
    *cases: Case, company: Company = COMPANY, policy: Policy = POLICY
) -> tuple[list[Message], tuple[Problem, ...]]:
    """Return the messages of these accounts and the problems."""
    plan = make_plan(*cases)
    messages, problems = render(gather(plan), plan.as_of, company=company, policy=policy, templates=None)
    return list(messages.values()), problems


def only(*cases: Case, company: Company = COMPANY, policy: Policy = POLICY) -> Message:
    """Return the one message of these accounts, made without problems."""
    messages, problems = write(*cases, company=company, policy=policy)
    assert problems == ()
    assert len(messages) == 1
    return messages[0]


def plain(text: str) -> str:
    """Return the text with ordinary spaces in place of the no-break ones."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_one_invoice_is_singular_in_french() -> None:
    """One invoice is asked for in the singular, and its number is the reference to quote."""
    message = only(Case("reminder_1", [Item("FA-101", 12, 82500)]))

    assert plain(message.subject) == "Facture FA-101 : un petit rappel – Atelier Bressan SAS"
    assert "la facture ci-dessous n’a pas encore été réglée" in message.text
    assert "Pourriez-vous la régler" in message.text
    assert "Référence à rappeler   FA-101" in message.text


def test_several_invoices_are_plural_in_english() -> None:
    """Several invoices are asked for in the plural, with their numbers as reference."""
    items = [Item("FA-101", 12, 82500), Item("FA-102", 1, 10000)]

    message = only(Case("reminder_1", items, debtor={"language": "en"}))

    assert message.subject == "A friendly reminder about 2 invoices – Atelier Bressan SAS"
    assert "Could you settle them in the next few days" in message.text
    assert "Reference to quote   FA-101 FA-102" in message.text
    assert "1 day" in message.text
    assert "1 days" not in message.text


def test_credits_are_shown_and_set_off() -> None:
    """1,000.00 and 450.50 late, less a credit note of 100.00 and a payment of 50.50: 1,300.00 is asked."""
    items = [
        Item("FA-1", 20, 100000), Item("FA-2", 5, 45050), Item("AV-1", 3, -10000, kind="credit_note"),
        Item("", 2, -5050, kind="payment"),
    ]  # fmt: skip

    message = only(Case("reminder_1", items))

    assert "À régler   1 300,00 €" in plain(message.text)
    assert "Avoir AV-1" in message.text
    assert "Versement" in message.text
    assert "sont déjà déduits" in message.text


def test_not_due_items_stand_apart() -> None:
    """An invoice that is not due yet is listed under its own title and not asked for."""
    message = only(Case("reminder_1", [Item("FA-1", 20, 100000), Item("FA-9", -10, 77700)]))

    assert "À échoir, pour information\nFA-9   31/10/2026   30/11/2026   777,00 €" in plain(message.text)
    assert "À régler   1 000,00 €" in plain(message.text)


@pytest.mark.parametrize("why", ["disputed-items", "promise-running", "hold", "direct-debit"])
def test_blocked_items_are_shown_and_not_asked_for(why: str) -> None:
    """A late invoice that is contested, promised, on hold or paid by direct debit is no part of the request."""
    message = only(Case("reminder_2", [Item("FA-1", 20, 100000), Item("FA-2", 30, 50000, blocked_by=why)]))

    assert "À régler   1 000,00 €" in plain(message.text)
    assert "En attente, non compris dans cette demande\nFA-2" in message.text
    assert "Deuxième rappel" in message.subject
    assert "20 jours après son échéance" in message.text


def test_what_was_handed_over_or_closed_is_not_mentioned() -> None:
    """Invoices in a bailiff's hands, or taken out for good, are in no message."""
    items = [
        Item("FA-1", 20, 100000),
        Item("FA-2", 90, 50000, blocked_by="handed-over"),
        Item("FA-3", 90, 1, blocked_by="closed"),
        Item("FA-4", 90, 70000, last_step="bailiff", advances=False),
    ]

    message = only(Case("reminder_1", items))

    assert all(number not in message.text + message.html for number in ("FA-2", "FA-3", "FA-4"))


def test_two_currencies_are_two_messages() -> None:
    """A debtor that owes euros and dollars gets one message for each, with its own sum."""
    messages, problems = write(
        Case("reminder_1", [Item("FA-1", 20, 100000)]),
        Case("reminder_2", [Item("FA-2", 20, 250000)], currency="USD"),
    )

    assert problems == ()
    assert [(message.currency, message.step) for message in messages] == [("EUR", "reminder_1"), ("USD", "reminder_2")]
    assert "À régler   1 000,00 €" in plain(messages[0].text)
    assert "2 500,00 $US" in plain(messages[1].text)


def test_dollars_have_interest_and_no_fixed_sum() -> None:
    """The fixed sum is in euros: a dollar notice of 2,500.00 claims 12.74 of interest, 2,512.74 in all, and no fixed sum."""
    items = [Item("FA-2", 15, 250000, interest=1274)]

    message = only(Case("formal_notice", items, currency="USD", debtor={"language": "en"}))

    assert "Late interest" in message.text
    assert "Total                    US$2,512.74" in message.text
    assert "Fixed recovery sum" not in message.text
    assert "D441-5" not in message.text


def test_second_reminder_announces_charges_to_businesses() -> None:
    """A business reads that interest and 40 EUR per invoice follow unless it pays within 48 hours; nothing is added."""
    message = only(Case("reminder_2", [Item("FA-1", 20, 100000, interest=680, fixed_sum=4000)]))

    text = plain(message.text)
    assert "Sans paiement sous 48 heures" in text
    assert "L441-10 du code de commerce (12,40 % l’an à ce jour)" in text
    assert "indemnité forfaitaire de 40,00 € par facture" in text
    assert "À régler   1 000,00 €" in text
    assert "6,80" not in text


@pytest.mark.parametrize("step", ["courtesy", "reminder_1", "reminder_2", "resend_invoice", "plan_offer"])
def test_consumers_hear_of_no_charges_before_the_notice(step: str) -> None:
    """Neither interest nor a fixed sum is mentioned to a consumer before the formal notice."""
    days = -4 if step == "courtesy" else 20

    message = only(Case(step, [Item("FA-1", days, 100000)], debtor={"nature": "consumer"}))

    for word in ("intérêt", "indemnité", "L441-10", "48 heures"):
        assert word not in message.text


def test_formal_notice_to_a_consumer() -> None:
    """A consumer owes the legal rate from the notice on (civil code), no fixed sum, and nothing of the commercial code."""
    message = only(Case("formal_notice", [Item("FA-1", 60, 100000)], debtor={"nature": "consumer"}))

    text = plain(message.text)
    assert "porte intérêt au taux légal (2,75 % l’an à ce jour)" in text
    assert "1231-6" in text
    for word in ("forfaitaire", "L441-10", "D441-5", "Intérêts de retard"):
        assert word not in text


def test_formal_notice_to_a_public_body() -> None:
    """A public body reads of the public procurement code, of 40 EUR, of the prefect, and of no bailiff."""
    items = [Item("FA-1", 60, 100000, interest=1710, fixed_sum=4000)]

    message = only(Case("formal_notice", items, debtor={"nature": "public"}))

    text = plain(message.text)
    assert "R2192-31 du code de la commande publique, 10,40 % l’an" in text
    assert "mandatement d’office" in text
    assert "Total                      1 057,10 €" in text
    for word in ("commissaire", "tribunal", "L441-10"):
        assert word not in text


def test_a_public_body_with_two_rates_is_told_none() -> None:
    """Interest that began in half-years of different rates is claimed without naming one rate."""
    items = [Item("FA-1", 60, 100000, interest=1710), Item("FA-2", 200, 100000, interest=5500)]

    message = only(Case("formal_notice", items, debtor={"nature": "public"}))

    assert "commande publique) arrêtés" in plain(message.text)


def test_formal_notice_to_a_business() -> None:
    """1,000.00 plus 18.83 of interest plus 40.00 make 1,058.83; fifteen days after 20 November is 5 December."""
    message = only(Case("formal_notice", [Item("FA-1", 60, 100000, amount=150000, interest=1883, fixed_sum=4000)]))

    text = plain(message.text)
    assert "mettons en demeure de nous payer la somme de 1 000,00 €" in text
    assert "au plus tard le 5 décembre 2026" in text
    assert "Total                      1 058,83 €" in text
    assert "commissaire de justice" in text
    assert "Lettre recommandée avec avis de réception, copie par courriel" in text
    assert "FA-1      22/08/2026   21/09/2026   60 jours   1 500,00 €   1 000,00 €" in text


def test_charges_that_are_never_claimed_are_never_announced() -> None:
    """A policy that claims from a step outside the written ladder announces and claims nothing."""
    policy = replace(POLICY, charging=replace(POLICY.charging, claimed_from="court"))
    items = [Item("FA-1", 60, 100000, interest=1883, fixed_sum=4000)]

    for step in ("reminder_2", "formal_notice"):
        message = only(Case(step, items), policy=policy)
        assert "L441-10" not in message.text
        assert "18,83" not in message.text


def test_charges_can_be_claimed_from_the_second_reminder() -> None:
    """A policy that claims from reminder_2 shows principal, interest, fixed sum and total there."""
    policy = replace(POLICY, charging=replace(POLICY.charging, claimed_from="reminder_2"))

    message = only(Case("reminder_2", [Item("FA-1", 60, 100000, interest=1883, fixed_sum=4000)]), policy=policy)

    assert "48 heures" not in message.text
    assert "Total                      1 058,83 €" in plain(message.text)


def test_fees_of_the_policy_are_a_line_of_their_own_and_in_the_total() -> None:
    """1,000.00 with 18.83 of interest and 25.00 of fees: 1,043.83 is claimed, the fees under their own name."""
    message = only(Case("formal_notice", [Item("FA-1", 60, 100000, interest=1883, fees=2500)]))

    assert "Frais prévus par nos conditions" in plain(message.text)
    assert "25,00 €" in plain(message.text)
    assert "1 043,83 €" in plain(message.text)


def test_without_rates_nothing_is_announced() -> None:
    """Without rates and charges there is nothing to announce."""
    message = only(Case("reminder_2", [Item("FA-1", 60, 100000)]), policy=replace(POLICY, charging=Charging()))

    assert "48 heures" not in message.text


def test_estimated_interest_is_said_so() -> None:
    """Interest on undated part payments is computed on the open amount only, and the notice says so."""
    items = [Item("FA-1", 60, 100000, amount=150000, interest=1883, estimated=True)]

    assert "calculés sur le seul solde restant dû" in only(Case("formal_notice", items)).text


def test_plan_offer_proposes_three_instalments() -> None:
    """1,000.00 in three parts: 333.34 in a week, then 333.33 a month and two months later."""
    message = only(Case("plan_offer", [Item("FA-1", 30, 100000)]))

    text = plain(message.text)
    assert "27 novembre 2026   333,34 €\n27 décembre 2026   333,33 €\n27 janvier 2027    333,33 €" in text
    assert "votre réponse d’ici au 30 novembre 2026" in text


def test_a_broken_promise_is_mentioned_from_the_second_reminder_on() -> None:
    """The promise is mentioned without reproach in reminder_2, and not in soft steps."""
    items = [Item("FA-1", 30, 100000)]
    sentence = "Le paiement que vous nous aviez annoncé ne nous est pas encore parvenu."

    assert sentence in only(Case("reminder_2", items, promise_broken=True)).text
    assert sentence not in only(Case("reminder_2", items)).text
    assert sentence not in only(Case("reminder_1", items, promise_broken=True)).text


@pytest.mark.parametrize("step", ["reminder_1", "reminder_2"])
@pytest.mark.parametrize(
    ("language", "stands", "oversight"),
    [("fr", "notre lettre et son délai restent valables", "un simple oubli"),
     ("en", "our letter and its deadline still stand", "slipped through")],
)  # fmt: skip
def test_a_reminder_takes_nothing_back_of_a_formal_notice(
    step: str, language: str, stands: str, oversight: str
) -> None:
    """Another invoice stands under formal notice: its letter still holds, and nobody speaks of an oversight."""
    new, reader = Item("FA-2", 20, 50000), {"language": language}
    noticed = Item("FA-1", 60, 100000, last_step="formal_notice", advances=False)

    text = only(Case(step, [noticed, new], debtor=reader)).text
    alone = only(Case(step, [new], debtor=reader)).text

    assert (stands in text, oversight in text) == (True, False)
    assert (stands in alone, oversight in alone) == (False, step == "reminder_1")


@pytest.mark.parametrize(
    ("steps", "french", "english"),
    [
        (["reminder_2", "reminder_1"], "Malgré nos relances, et sauf erreur", "In spite of our reminders, and unless"),
        (
            ["reminder_2", ""],
            "Malgré nos relances au sujet de l’une d’entre elles",
            "our reminders about one of them",
        ),
        (
            ["courtesy", "resend_invoice"],
            "\n\nSauf erreur de notre part, les 2 factures",
            "\n\nUnless we are mistaken, the",
        ),
    ],
)
def test_a_formal_notice_speaks_of_reminders_where_there_were_some(steps: list[str], french: str, english: str) -> None:
    """Invoices that fell due since are demanded with the others; of these nobody had been reminded."""
    items = [Item(f"FA-{place}", 60 - 30 * place, 100000, last_step=step) for place, step in enumerate(steps)]
    for language, said in (("fr", french), ("en", english)):
        assert said in only(Case("formal_notice", items, debtor={"language": language})).text


def test_courtesy_speaks_only_of_what_is_due_soon() -> None:
    """A courtesy notice lists the invoices about to fall due, not one that is a day late, and no days late."""
    message = only(
        Case("courtesy", [Item("FA-1", -4, 100000), Item("FA-2", 1, 50000), Item("FA-3", -20, 9000, advances=False)])
    )

    assert "À régler   1 000,00 €" in plain(message.text)
    for word in ("FA-2", "FA-3", "Retard"):
        assert word not in message.text


SOON = {
    "fr": ("arrive à échéance", "arrive bientôt à échéance", "Vos prochaines échéances", "arrivent bientôt à échéance"),
    "en": ("is due soon", "is due soon", "Your invoices due soon", "are due soon"),
}
TODAY = {
    "fr": (
        "arrive à échéance aujourd’hui",
        "arrive à échéance aujourd’hui",
        "Vos échéances d’aujourd’hui",
        "arrivent à échéance aujourd’hui",
    ),
    "en": ("is due today", "is due today", "Your invoices due today", "are due today"),
}
BOTH = {
    "fr": ("Vos prochaines échéances", "arrivent à échéance aujourd’hui ou dans les prochains jours"),
    "en": ("Your invoices due today and soon", "are due today or in the next few days"),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((-5,), {name: texts[:2] for name, texts in SOON.items()}),
        ((-1,), {name: texts[:2] for name, texts in SOON.items()}),
        ((0,), {name: texts[:2] for name, texts in TODAY.items()}),
        ((-5, -1), {name: texts[2:] for name, texts in SOON.items()}),
        ((0, 0), {name: texts[2:] for name, texts in TODAY.items()}),
        ((0, -3), BOTH),
    ],
)
def test_a_notice_says_when(language: str, days: tuple[int, ...], said: dict[str, tuple[str, str]]) -> None:
    """Due in some days is soon; due this very day is today. No text says tomorrow, which would be wrong in a mail that leaves a day later."""
    items = [Item(f"FA-{number}", day, 100000) for number, day in enumerate(days)]
    message = only(Case("courtesy", items, debtor={"language": language}))
    subject, text = said[language]
    assert plain(message.subject).split(" – ")[0].endswith(subject)
    assert f"{text}. " in plain(message.text)


@pytest.mark.parametrize(("language", "mail", "paper"), [
    ("fr", "répondez simplement à ce message", "contactez-nous"), ("en", "simply reply to this message", "get in touch with us"),
])  # fmt: skip
def test_nobody_is_asked_to_reply_to_a_sheet_of_paper(language: str, mail: str, paper: str) -> None:
    """Of a company without address or telephone the mail can be replied to, the letter cannot; with an address both name it."""
    for channel, step, said in (
        ("mail", "reminder_1", mail),
        ("letter", "reminder_1", paper),
        ("mail", "formal_notice", paper),
    ):
        case = Case(step, [Item("FA-1", 60, 100000)], channel=channel, debtor={"language": language})
        (message,), _ = write(case, company=Company(name="Alpha"))
        assert [words in message.text for words in (mail, paper)] == [words == said for words in (mail, paper)]
        (message,), _ = write(case, company=Company(name="Alpha", email="compta@alpha.example"))
        assert "compta@alpha.example" in message.text
        assert mail not in message.text
        assert paper not in message.text


def test_missing_facts_leave_out_their_sentences() -> None:
    """Without creditor name, IBAN and telephone the message still reads well, and the gaps are reported."""
    messages, problems = write(Case("reminder_1", [Item("", 20, 100000)], debtor={"name": ""}), company=Company())

    message = messages[0]
    assert [problem.code for problem in problems] == ["CREDITOR-NAME-MISSING", "CREDITOR-IBAN-MISSING"]
    assert plain(message.subject) == "Facture : un petit rappel"
    assert "Facture sans numéro" in message.text
    assert "virement" not in message.text
    assert "répondez simplement à ce message." in message.text
    assert message.text.endswith("Bien cordialement,\n")


@pytest.mark.parametrize(("wanted", "settings", "expected"), [
    ("fr", "en", "fr"), ("", "en", "en"), ("de", "fr", "en"), ("fr-CH", "en", "fr"), ("", "fr", "fr"),
])  # fmt: skip
def test_language(wanted: str, settings: str, expected: str) -> None:
    """The debtor's own language wins, then the settings'; one without words becomes English."""
    case = Case("reminder_1", [Item("FA-1", 20, 100000)], debtor={"language": wanted})

    assert only(case, policy=replace(POLICY, language=settings)).language == expected


@pytest.mark.parametrize("items", [
    [Item("FA-1", 20, 10000), Item("FA-2", 20, 50000, blocked_by="disputed-items"), Item("AV", 1, -20000, kind="credit_note")],
    [Item("FA-1", 20, 499)],
    [],
])  # fmt: skip
def test_nothing_left_to_ask_for_is_a_problem(items: list[Item]) -> None:
    """An account with nothing, or less than the tolerance, to ask for gets no message; the others do."""
    messages, problems = write(
        Case("reminder_1", items, debtor_id="A"), Case("reminder_1", [Item("FA-9", 9, 500)], debtor_id="B")
    )

    assert [problem.code for problem in problems] == ["MESSAGE-INCOMPLETE"]
    assert [message.debtor_id for message in messages] == ["B"]


def test_other_channels_and_steps_have_no_message() -> None:
    """Calls, tasks, claims and steps without a wording are not written."""
    items = [Item("FA-1", 20, 100000)]
    cases = [Case("call", items, channel="call", debtor_id="A"), Case("claim", items, debtor_id="B"),
             Case("reminder_1", items, channel="letter", debtor_id="C")]  # fmt: skip

    messages, problems = write(*cases)

    assert [message.debtor_id for message in messages] == ["C"]
    assert problems == ()


def test_digest_changes_with_a_word_and_not_with_line_ends() -> None:
    """The digest is 16 hexadecimal digits over step, subject and text; line ends do not matter."""
    message = only(Case("reminder_1", [Item("FA-1", 20, 100000)]))

    assert message.digest == digest(message.step, message.subject, message.text.replace("\n", "\r\n"))
    assert message.digest != digest(message.step, message.subject, message.text.replace("oubli", "retard"))
    assert len(message.digest) == 16
    assert int(message.digest, 16) >= 0


def test_the_same_plan_gives_the_same_message() -> None:
    """Rendering twice gives equal messages."""
    case = Case("reminder_2", [Item("FA-1", 20, 100000)])

    assert only(case) == only(case)


def test_instalments_go_month_by_month() -> None:
    """A plan of 31 January offers parts on 7 February, 7 March and 7 April."""
    plan = make_plan(Case("plan_offer", [Item("FA-1", 30, 90000)]), as_of=dt.date(2027, 1, 31))

    messages, _ = render(gather(plan), plan.as_of, company=COMPANY, policy=POLICY, templates=None)

    text = plain(messages["411DURAND", "EUR"].text)
    assert "7 février 2027   300,00 €\n7 mars 2027      300,00 €\n7 avril 2027     300,00 €" in text
