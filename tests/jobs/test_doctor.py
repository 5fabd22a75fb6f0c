"""`relance doctor`: each thing that a week needs is looked at, named when it is wrong, and nothing is sent."""

import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from batch.journal import Journal, Line
from tests.jobs.desk import COMPANY, SETTINGS, Desk
from tests.keyrings import drawer
from tests.mailserver import HOST, USER, Office, Papers, mail_server

PASSWORD = "c0rrect-horse"  # noqa: S105  no real one


def checks(desk: Desk, *arguments: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Return the exit code and the findings by what was looked at."""
    said = desk.relance("doctor", "--json", *arguments)
    found: dict[str, list[dict[str, Any]]] = {}
    for check in said.document["checks"]:
        found.setdefault(check["check"], []).append(check)
    return said.code, found


def told(found: dict[str, list[dict[str, Any]]], check: str) -> list[tuple[str, str | None]]:
    """Return state and code of the findings about one thing."""
    return [(one["state"], one["code"]) for one in found[check]]


def test_a_new_desk_is_well(empty_desk: Desk) -> None:
    """Settings, company, all templates, clock, folders; no journal yet and no mail server is no fault; nothing is written."""
    before = empty_desk.listing()
    code, found = checks(empty_desk)
    assert code == 0
    assert {state for one in found.values() for state in (each["state"] for each in one)} == {"ok"}
    assert set(found) == {"settings", "company", "templates", "clock", "journal", "folders", "tables", "mail"}
    assert "12" in found["templates"][0]["sentence"]
    assert empty_desk.listing() == before
    assert not list(empty_desk.folder.glob("relance.db*"))


def test_the_folder_of_invoices(empty_desk: Desk) -> None:
    """It is there or it is not; that it has no file for a made-up customer is no fault of the user's."""
    settings = empty_desk.folder / "relance.toml"
    settings.write_text(SETTINGS + '[attachments]\ninvoices = "factures"\nmissing = "hold"\n', encoding="utf-8")
    code, found = checks(empty_desk)
    assert (code, told(found, "templates")) == (1, [("wrong", "ATTACHMENTS-NOT-FOUND")])
    (empty_desk.folder / "factures").mkdir()
    code, found = checks(empty_desk)
    assert (code, told(found, "templates")) == (0, [("ok", None)])


@pytest.mark.parametrize(
    ("text", "check", "state", "code"),
    [
        ("[company]\nname = 5\n", "settings", "wrong", "SETTINGS-VALUE"),
        ('[company]\nname = "A"\niban = "FR1420041010050500013M02607"\n', "settings", "wrong", "SETTINGS-VALUE"),
        ('[company]\nname = "A"\n', "company", "careful", "CREDITOR-IBAN-MISSING"),
        ('[messages]\ntemplates = "missing"\n', "templates", "wrong", "TEMPLATES-NOT-FOUND"),
        ('[ledger]\ncontacts = "missing.csv"\n', "contacts", "wrong", "CONTACTS-MISSING"),
        ('[journal]\nurl = "relance.toml"\n', "journal", "wrong", "JOURNAL-UNREADABLE"),
        ('[mail]\noutbox = "relance.toml/below"\n', "folders", "wrong", "FOLDER-SHUT"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(empty_desk: Desk, text: str, check: str, state: str, code: str) -> None:
    """Each with its remedy; the exit code is 1 for what is wrong and 0 for what only asks for care."""
    (empty_desk.folder / "relance.toml").write_text(text, encoding="utf-8")
    ended, found = checks(empty_desk)
    assert (state, code) in told(found, check)
    assert all(one["remedy"] for one in found[check] if one["state"] != "ok")
    assert ended == (1 if state == "wrong" else 0)


def test_a_broken_template_is_found_before_it_is_needed(empty_desk: Desk) -> None:
    """Of one step and one language; the others are still looked at."""
    own = empty_desk.folder / "own" / "en"
    own.mkdir(parents=True)
    (own / "formal_notice.j2").write_text("Subject: x\n\n{{ nobody.knows }}\n", encoding="utf-8")
    with (empty_desk.folder / "relance.toml").open("a", encoding="utf-8") as settings:
        settings.write('[messages]\ntemplates = "own"\n')
    code, found = checks(empty_desk)
    assert (code, told(found, "templates")) == (1, [("wrong", "TEMPLATE-BROKEN")])
    assert "en/formal_notice.j2" in found["templates"][0]["sentence"]


def test_mails_in_doubt_ask_for_care(empty_desk: Desk, make_doubt: Callable[[Path], None]) -> None:
    """An uncertain mail is named by its Message-ID."""
    make_doubt(empty_desk.folder / "relance.db")
    code, found = checks(empty_desk)
    assert (code, told(found, "journal")) == (0, [("careful", "MAILS-UNCERTAIN")])
    assert "<m1@alpha.example>" in found["journal"][0]["sentence"]


@pytest.fixture
def make_doubt() -> Callable[[Path], None]:
    """Return how a journal gets a mail that may have left."""

    def make(path: Path) -> None:
        at = dt.datetime(2026, 11, 20, 9, 30)
        with Journal.open(str(path), COMPANY) as journal:
            line = [Line("i", "FA-1", "reminder_1", 1)]
            claim = journal.claim(
                "<m1@alpha.example>", "411D", "EUR", "reminder_1", line, recipient="", subject="", text="", at=at
            )
            assert isinstance(claim, int)
            journal.settle(claim, "uncertain", "", at)

    return make


def test_a_damaged_journal_is_found(empty_desk: Desk, make_doubt: Callable[[Path], None]) -> None:
    """An index that no longer fits its table, as a bad disk leaves it."""
    path = empty_desk.folder / "relance.db"
    make_doubt(path)
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA writable_schema = ON")
        file.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'company, state', 'company, answer') WHERE name = 'claims_by_state'"
        )
    file.close()
    code, found = checks(empty_desk)
    assert code == 1
    assert ("wrong", "JOURNAL-DAMAGED") in told(found, "journal")


@pytest.mark.parametrize(
    ("paper", "starttls", "password", "state", "code"),
    [
        ("good", True, PASSWORD, "ok", None),
        ("good", False, PASSWORD, "ok", None),
        ("plain", True, PASSWORD, "ok", None),
        ("plain", False, PASSWORD, "ok", None),
        ("ending", True, PASSWORD, "careful", "SMTP-CERTIFICATE-ENDS"),
        ("good", True, "wr0ng-horse", "wrong", "SMTP-LOGIN-REFUSED"),
        ("expired", True, PASSWORD, "wrong", "SMTP-CERTIFICATE"),
        ("other_name", False, PASSWORD, "wrong", "SMTP-CERTIFICATE"),
        ("stranger", True, PASSWORD, "wrong", "SMTP-CERTIFICATE"),
        ("", True, PASSWORD, "wrong", "SMTP-NO-TLS"),
        ("nobody", True, PASSWORD, "wrong", "SMTP-UNREACHABLE"),
    ],
)
def test_the_mail_account_is_tried_and_nothing_is_sent(
    tmp_path: Path, running: ExitStack, certificates: Papers, paper: str, password: str, state: str, code: str | None, *,
    starttls: bool,
) -> None:  # fmt: skip
    """It logs in, says what the server offers, sends nothing, and shows no password."""
    office = Office(port=1, password=PASSWORD)
    if paper != "nobody":
        running.enter_context(mail_server(office, certificates.contexts.get(paper), starttls=starttls))
    flag = json.dumps(starttls)
    smtp = f'[smtp]\nhost = "{HOST}"\nport = {office.port}\nuser = "{USER}"\nstarttls = {flag}\nca_file = "{certificates.authority}"\n'
    (tmp_path / "relance.toml").write_text(f"{SETTINGS}\n{smtp}", encoding="utf-8")
    desk = Desk(tmp_path, {"RELANCE_SMTP_PASSWORD": password, "RELANCE_LANGUAGE": "en"})
    ended, found = checks(desk)
    assert (state, code) == told(found, "mail")[0]
    assert ended == (1 if state == "wrong" else 0)
    assert office.received == []
    said = desk.relance("doctor", "-v")
    assert password not in f"{found} {said.out} {said.err}"
    if state == "ok":
        assert "TLSv1." in found["mail"][0]["sentence"]


@pytest.mark.parametrize("auth", ["password", "microsoft"])
def test_it_says_where_the_secret_was_found_and_not_what_it_is(tmp_path: Path, running: ExitStack, auth: str) -> None:
    """In the keyring, then in the environment, which goes first; also when nobody answers."""
    secret = PASSWORD
    own = running.enter_context(drawer())
    own.kept = {("yagmail", USER): secret, ("relance", "client-1"): secret}
    lines = {"host": HOST, "port": 1, "user": USER, "auth": auth}
    if auth == "microsoft":
        lines |= {"tenant": "t", "client_id": "client-1", "authority": f"https://{HOST}:1"}
    smtp = "\n".join(f"{key} = {json.dumps(value)}" for key, value in lines.items())
    (tmp_path / "relance.toml").write_text(f"{SETTINGS}\n[smtp]\n{smtp}\n", encoding="utf-8")
    given = {"RELANCE_SMTP_PASSWORD": secret, "RELANCE_SMTP_CLIENT_SECRET": secret}
    for environment, words in (({}, "keyring"), (given, "RELANCE_SMTP_")):
        desk = Desk(tmp_path, {"RELANCE_LANGUAGE": "en", **environment})
        _, found = checks(desk, "--sign-in")
        assert [one["state"] for one in found["mail"]] == ["wrong", "ok"]
        assert words in found["mail"][1]["sentence"]
        assert secret not in f"{found} {desk.relance('doctor', '-v')}"
