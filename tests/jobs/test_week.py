"""The weekly cycle: run, a person reviews, send, and what every later call makes of it.

One story is lived through once, in order, and each test looks at one part of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.desk import COMPANY, DAY, SAMPLE, SETTINGS, Desk, Said, bodies, by_account, read_mail, review
from tests.workbook.reviewing import Typed

LATER_DAY = "2026-12-04"  # a Friday two weeks on
EUR = "EUR"
REVIEWED: Typed = {
    ("411SALLES", EUR): {"decision": "envoyer"},  # a formal notice that was held
    ("411QUAIAN", EUR): {"decision": "attendre"},
    ("411RELAIS", EUR): {"promise_date": dt.date(2026, 12, 1), "promise_amount": 2000},
    ("411TRAITE", EUR): {"email_typed": "direction@traiteur.example"},
    ("411SPORTS", EUR): {"hold_until": dt.date(2026, 12, 10)},
    ("411SCIERI", EUR): {"standing_typed": "facture égarée"},
}
CALLED: Typed = {
    ("411VERRES", EUR): {
        "call_result": "promesse", "call_on": dt.date(2026, 11, 20), "call_until": dt.date(2026, 11, 30), "call_amount": 2865,
    },
    ("411ZINGUE", EUR): {"call_result": "pas de réponse"},
}  # fmt: skip
KEPT = {"411QUAIAN", "411RELAIS", "411SPORTS", "411SCIERI"}


@dataclass(frozen=True)
class Week:
    """What each call of the story said and left behind, in the order it was made."""

    desk: Desk
    shown: Any  # the plan that was reviewed
    rehearsal: Said
    unchanged: bool  # the dry run left journal and folder as they were
    first_three: Said
    rest: Said
    mails: dict[str, EmailMessage]
    history: Said
    again: Said
    after_again: int  # mails in the folder
    past: Said
    left_by_past: bool  # the refused run left the folder as it was
    rerun: Said
    replanned: Any
    resent: Said
    fortnight: Any  # the plan two weeks on


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """Live through the story in a folder of its own."""
    folder = tmp_path_factory.mktemp("week")
    (folder / SAMPLE.name).write_bytes(SAMPLE.read_bytes())
    (folder / "relance.toml").write_text(SETTINGS, encoding="utf-8")
    desk = Desk(folder)
    assert desk.relance("run", SAMPLE.name, "--as-of", DAY, "-q").code == 0
    shown, workbook = desk.plan(), desk.workbook()
    review(workbook, REVIEWED, CALLED)
    before = (desk.listing(), (folder / "relance.db").read_bytes(), desk.events())
    rehearsal = desk.relance("send", workbook, "--as-of", DAY, "--dry-run", "--json")
    unchanged = before == (desk.listing(), (folder / "relance.db").read_bytes(), desk.events())
    first_three = desk.relance("send", workbook, "--as-of", DAY, "--limit", "3", "--json")
    rest = desk.relance("send", workbook, "--as-of", DAY, "--json")
    mails, history = desk.mails(), desk.relance("history", "show", "--json")
    again = desk.relance("send", workbook, "--as-of", DAY)
    after_again, listing = len(list(folder.rglob("*.eml"))), desk.listing()
    past = desk.relance("run", SAMPLE.name, "--as-of", "2026-11-13")
    left_by_past = listing == desk.listing()
    rerun = desk.relance("run", SAMPLE.name, "--as-of", DAY)
    replanned = desk.plan()
    resent = desk.relance("send", desk.workbook(name="sample_ledger-annotated-2.xlsx"), "--as-of", DAY, "--json")
    assert desk.relance("run", SAMPLE.name, "--as-of", LATER_DAY, "-q").code == 0
    return Week(
        desk, shown, rehearsal, unchanged, first_three, rest, mails, history, again, after_again, past, left_by_past,
        rerun, replanned, resent, desk.plan(LATER_DAY),
    )  # fmt: skip


def outcomes(said: Said, outcome: str) -> list[tuple[str, str]]:
    """Return the accounts of a send that came out so."""
    return [(mail["debtor_id"], mail["currency"]) for mail in said.document["mails"] if mail["outcome"] == outcome]


def approved(week: Week) -> set[tuple[str, str]]:
    """Return what the reviewer let go: every mail that needs no approval, less what was kept back, and the formal notice."""
    proposed = {key for key, entry in by_account(week.shown).items() if entry["digest"] and entry["approval"] == "auto"}
    return {key for key in proposed if key[0] not in KEPT} | {("411SALLES", EUR)}


def test_dry_run_changes_nothing(week: Week) -> None:
    """The rehearsal names what would leave; no file, no event and no byte of the journal is different afterwards."""
    assert week.rehearsal.code == 0
    assert set(outcomes(week.rehearsal, "ready")) == approved(week)
    assert week.unchanged


def test_limit_sends_three_and_the_next_call_the_rest(week: Week) -> None:
    """Three leave first, in the sheet's order; then all the others, and none of the three again."""
    first, rest = outcomes(week.first_three, "sent"), outcomes(week.rest, "sent")
    assert (week.first_three.code, week.rest.code) == (0, 0)
    assert first == outcomes(week.rehearsal, "ready")[:3]
    assert set(first) | set(rest) == approved(week)
    assert len(first) + len(rest) == len(approved(week)) == len(week.mails)


def test_what_was_typed_keeps_rows_back(week: Week) -> None:
    """A hold, a promise, a hold until a day, another standing: each row says why it stays; a formal notice not approved stays."""
    reasons = {mail["debtor_id"]: mail["reason"] for mail in week.rest.document["mails"]}
    kept = ("411QUAIAN", "411RELAIS", "411SPORTS", "411SCIERI", "411IMMOBI")
    assert [reasons[debtor] for debtor in kept] == ["held", "promise-running", "hold", "changed-since", "held"]


@pytest.mark.parametrize(
    ("recipient", "debtor", "amount"),
    [
        ("direction@traiteur.example", ("411TRAITE", "EUR"), "2 253,60 €"),  # the address that was typed
        ("compta@receptions-atlantique.example", ("411SALLES", "EUR"), "2 958,00 €"),
        ("bureau@marbrerie-louet.example", ("411MARBRE", "EUR"), "2 328,00 €"),  # 2,808.00 less a credit of 480.00
        ("ap@harborlane.example", ("411HARBOR", "USD"), "8,450.00"),
        ("bonjour@cafe-lavoisier.example", ("411CAFEGR", "EUR"), "446,40 €"),
    ],
)
def test_mails_say_what_the_plan_says(week: Week, recipient: str, debtor: tuple[str, str], amount: str) -> None:
    """Recipient, sender, subject, and the amount asked for in text and HTML alike."""
    mail, entry = week.mails[recipient], by_account(week.shown)[debtor]
    assert mail["Subject"] == entry["subject"]
    assert "compta@atelier.example" in str(mail["From"])
    assert COMPANY in str(mail["From"])
    for body in bodies(mail):
        assert amount in body
        assert [number for number in entry["items"] if number not in body] == []


def test_message_ids_and_file_names(week: Week) -> None:
    """Every mail has a Message-ID of its own at the sender's domain; a file's name tells day and customer."""
    identities = [str(mail["Message-ID"]) for mail in week.mails.values()]
    assert len(set(identities)) == len(identities)
    assert [one for one in identities if not one.endswith("@atelier.example>")] == []
    names = sorted(path.name for path in week.desk.folder.rglob("*.eml"))
    assert [name for name in names if not name.startswith("2026-11-20-411")] == []


def test_history_holds_all_that_was_done(week: Week) -> None:
    """What was typed once each, and one sent event for every invoice that advanced."""
    events = week.history.document
    counts = Counter(event["kind"] for event in events)
    advanced = sum(len(by_account(week.shown)[key]["items"]) for key in approved(week))
    assert counts == {"promised": 1, "held": 1, "address": 1, "reclassified": 1, "called": 2, "sent": advanced}
    told = {(event["kind"], event["debtor_id"]): event for event in events}
    assert told["promised", "411RELAIS"]["until"] == "2026-12-01"
    assert told["promised", "411RELAIS"]["amount"] == "2000.00"
    assert told["held", "411SPORTS"]["until"] == "2026-12-10"
    assert told["address", "411TRAITE"]["value"] == "direction@traiteur.example"
    assert told["reclassified", "411SCIERI"]["value"] == "invoice_lost"
    called = told["called", "411VERRES"]
    assert (called["meaning"], called["until"], called["amount"]) == ("promise", "2026-11-30", "2865.00")
    assert told["called", "411ZINGUE"]["meaning"] == "no_answer"
    assert told["sent", "411SALLES"]["step"] == "formal_notice"
    assert told["sent", "411SALLES"]["message_id"] == week.mails["compta@receptions-atlantique.example"]["Message-ID"]


def test_the_same_workbook_again_sends_nothing(week: Week) -> None:
    """It says so in its first line, and why."""
    assert week.again.code == 0
    assert week.again.out.startswith("Rien n'a été envoyé.")
    assert "déjà envoyé le 20/11/2026" in week.again.out
    assert week.after_again == len(week.mails)


def test_a_run_before_the_last_contact_is_refused(week: Week) -> None:
    """A run of last week would not know of today's mails."""
    assert week.past.code == 1
    assert week.past.err.startswith("AS-OF-BEFORE-CONTACT  ")
    assert "20/11/2026" in week.past.err
    assert week.left_by_past


def test_run_again_proposes_none_of_what_was_sent(week: Week) -> None:
    """The same day, the reviewed workbook is kept, and nobody who got a mail is proposed another."""
    assert week.rerun.code == 0
    assert "le journal est vide" not in week.rerun.out
    assert "sample_ledger-annotated-2.xlsx" in week.rerun.out
    entries = by_account(week.replanned)
    assert [(key, entries[key]["step"]) for key in approved(week) if entries[key]["step"]] == []
    assert {entries[key]["blocked_by"] for key in approved(week) if entries[key]["overdue"] != "0.00"} == {"gap"}


def test_the_new_workbook_repeats_nothing(week: Week) -> None:
    """What leaves from it are only mails that never left before: no invoice takes the same step twice."""
    assert set(outcomes(week.resent, "sent")) & approved(week) == set()
    sent = [(event["item_id"], event["step"]) for event in week.history.document if event["kind"] == "sent"]
    assert len(sent) == len(set(sent))
    assert len(list(week.desk.folder.rglob("*.eml"))) == len(week.mails) + len(outcomes(week.resent, "sent"))


def test_two_weeks_later_the_next_step(week: Week) -> None:
    """First reminder → second, second → call; promise and hold still run; after a broken one the ladder goes on; a formal notice waits 15 days."""
    entries = by_account(week.fortnight)
    steps = {debtor: entries[debtor, EUR]["step"] for debtor in ("411MONTRE", "411TRAITE", "411BRETAG")}
    assert steps == {"411MONTRE": "reminder_2", "411TRAITE": "call", "411BRETAG": "reminder_1"}
    assert entries["411RELAIS", EUR]["blocked_by"] == "promise-running"
    assert (entries["411SPORTS", EUR]["blocked_by"], entries["411SPORTS", EUR]["next_on"]) == ("hold", "2026-12-11")
    assert (entries["411SALLES", EUR]["step"], entries["411SALLES", EUR]["next_on"]) == (None, "2026-12-05")
    assert entries["411VERRES", EUR]["step"] == "formal_notice"
    assert (entries["411SCIERI", EUR]["standing"], entries["411SCIERI", EUR]["step"]) == (
        "invoice_lost",
        "resend_invoice",
    )


def test_a_workbook_that_libreoffice_saved(desk: Desk, libreoffice: Callable[[Path], Path]) -> None:
    """LibreOffice's own xlsx comes back with everything that was typed: the same mails leave as from openpyxl's."""
    review(desk.workbook(), REVIEWED, CALLED)
    saved = libreoffice(desk.workbook())
    said = desk.relance("send", saved, "--as-of", DAY, "--json")
    problems = [problem["code"] for problem in said.document["problems"]]
    assert (said.code, said.err, problems) == (0, "", ["LETTERS-TO-POST"])
    sent = {mail["debtor_id"] for mail in said.document["mails"] if mail["outcome"] == "sent"}
    assert sent >= {"411SALLES", "411TRAITE", "411MONTRE"}
    assert sent & KEPT == set()
    found = [read_mail(path) for path in saved.parent.rglob("*.eml")]
    assert len(found) == len([mail for mail in said.document["mails"] if mail["outcome"] == "sent"])
    kinds = Counter(event[4] for event in desk.events())
    assert [kinds[kind] for kind in ("promised", "held", "address", "reclassified", "called")] == [1, 1, 1, 1, 2]
