"""`run --send`: nobody reviews, so only what needs no approval leaves; the rest waits in the workbook and never leaves twice."""

import sqlite3
from pathlib import Path

from batch.journal import Journal
from tests.jobs.desk import COMPANY, DAY, Desk, by_account, ledger, review
from tests.jobs.mailroom import mailroom

LINES = (
    "411ALDER;Aulne SARL;compta@aulne.example;;FA-101;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;",
    "411CEDAR;Cèdre SA;compta@cedre.example;;FA-103;01/07/2026;01/08/2026;80,50;80,50;;EUR;",  # first contact after 111 days
)


def test_automatic_steps_leave_and_the_rest_waits(empty_desk: Desk) -> None:
    """One reminder leaves at once and is remembered; the one that needs approval leaves after a review, each of them once."""
    desk = empty_desk
    said = desk.relance("run", ledger(desk.folder, *LINES), "--as-of", DAY, "--send", "--json")
    assert (said.code, said.err) == (0, "")
    approvals = {entry["debtor_id"]: entry["approval"] for entry in said.document["debtors"]}
    assert approvals == {"411ALDER": "auto", "411CEDAR": "needed"}
    rows = {mail["debtor_id"]: mail for mail in said.document["sending"]["mails"]}
    assert rows["411ALDER"]["outcome"] == "sent"
    assert (rows["411CEDAR"]["outcome"], rows["411CEDAR"]["reason"]) == ("left", "needs-approval")
    assert said.document["sending"]["summary"]["mails"] == 1
    assert list(desk.mails()) == ["compta@aulne.example"]
    with Journal.open(str(desk.folder / "relance.db"), COMPANY) as journal:
        assert len(journal.snapshots()) == 2
    workbook = desk.workbook(name="ledger-annotated.xlsx")
    review(workbook, {("411CEDAR", "EUR"): {"decision": "envoyer"}})
    later = desk.relance("send", workbook, "--as-of", DAY, "--json")
    rows = {mail["debtor_id"]: mail for mail in later.document["mails"]}
    assert (rows["411ALDER"]["reason"], rows["411CEDAR"]["outcome"]) == ("already-sent", "sent")
    again = desk.relance("run", "ledger.csv", "--as-of", DAY, "--send")
    assert again.code == 0
    assert again.out.count("À faire maintenant") <= 1
    assert "À faire maintenant" not in again.out.split("Rien n'a été envoyé.")[0]
    assert "Rien n'a été envoyé." in again.out
    assert len(list(desk.folder.rglob("*.eml"))) == 2
    assert by_account(desk.plan())["411ALDER", "EUR"]["step"] is None


def test_an_old_first_contact_waits_at_every_run(empty_desk: Desk) -> None:
    """The first unattended run fills the journal; what it left to a person still waits for one at the next."""
    desk = empty_desk
    export = ledger(desk.folder, *LINES)
    for outcome in ("sent", "left"):
        said = desk.relance("run", export, "--as-of", DAY, "--send", "--json")
        rows = {mail["debtor_id"]: mail for mail in said.document["sending"]["mails"]}
        assert rows["411ALDER"]["outcome"] == outcome
        assert (rows["411CEDAR"]["outcome"], rows["411CEDAR"]["reason"]) == ("left", "needs-approval")
    assert list(desk.mails()) == ["compta@aulne.example"]


def test_the_same_refusals(tmp_path: Path) -> None:
    """From an old ledger the workbook is written and nothing leaves: exit 1, and the object has no sending."""
    desk = Desk(tmp_path)
    (tmp_path / "relance.toml").write_text(f'[company]\nname = "{COMPANY}"\n', encoding="utf-8")
    said = desk.relance("run", ledger(tmp_path, *LINES), "--as-of", DAY, "--send", "--json")
    assert (said.code, said.err.split()[0], said.document["sending"]) == (1, "STALE-NEEDS-YES", None)
    assert desk.workbook(name="ledger-annotated.xlsx").exists()
    assert not list(tmp_path.rglob("*.eml"))


def test_many_mails_need_a_second_word(tmp_path: Path) -> None:
    """More than [mail] max, or than twice the last round: nothing is claimed or journalled before --yes; a rehearsal needs none."""
    folder = tmp_path / "room"
    with mailroom(folder, 21, f"sqlite:///{folder / 'relance.db'}") as room:
        desk, workbook = room.desk, room.workbook
        settings = (folder / "relance.toml").read_text(encoding="utf-8")
        smtp = settings.index("[smtp]")
        (folder / "relance.toml").write_text(f"{settings[:smtp]}[mail]\nmax = 20\n", encoding="utf-8")
        desk = Desk(folder, {"RELANCE_JOURNAL": desk.environment["RELANCE_JOURNAL"]})
        refused = desk.relance("send", workbook, "--as-of", DAY)
        assert (refused.code, refused.out, refused.err.split()[0]) == (1, "", "MANY-NEED-YES")
        assert "21 messages" in refused.err.replace("\N{NO-BREAK SPACE}", " ")
        assert desk.events() == []
        assert desk.relance("send", workbook, "--as-of", DAY, "--dry-run", "-q").code == 0
        first = desk.relance("send", workbook, "--as-of", DAY, "--limit", "1")
        assert first.code == 0
        assert "1 message va partir" in first.out.replace("\N{NO-BREAK SPACE}", " ")
        monday = ("send", workbook, "--as-of", "2026-11-23")
        (folder / "relance.toml").write_text(settings[:smtp], encoding="utf-8")
        unusual = desk.relance(*monday)  # 20 mails, after a round of one
        assert (unusual.code, unusual.err.split()[0]) == (1, "UNUSUAL-NEEDS-YES")
        assert len(desk.events()) == 1
        assert desk.relance(*monday, "--yes", "-q").code == 0
        assert len(desk.mails()) == 21


def test_a_crash_is_told_as_what_it_is(empty_desk: Desk) -> None:
    """A claim without an answer: the dry run says uncertain, as the real send does, and names the command; nothing is written by it."""
    desk = empty_desk
    assert desk.relance("run", ledger(desk.folder, *LINES), "--as-of", DAY, "-q").code == 0
    workbook, database = desk.workbook(name="ledger-annotated.xlsx"), str(desk.folder / "relance.db")
    assert desk.relance("send", workbook, "--as-of", DAY, "-q").code == 0
    sent = next(iter(desk.mails().values()))["Message-ID"]
    _forget_the_answer(database)
    for arguments in (["--dry-run"], []):
        said = desk.relance("send", workbook, "--as-of", DAY, *arguments, "--json")
        (row,) = [mail for mail in said.document["mails"] if mail["debtor_id"] == "411ALDER"]
        assert (said.code, row["reason"], row["release"]) == (3, "uncertain-mail", [str(sent)])
        with Journal.open(database, COMPANY) as journal:
            assert (len(journal.unsettled()), len(journal.uncertain())) == ((1, 0) if arguments else (0, 1))
    told = desk.relance("send", workbook, "--as-of", DAY)
    command = next(line.split() for line in told.out.splitlines() if "--why" in line)
    assert command[:4] == ["relance", "history", "release", str(sent).strip("<>")]
    released = desk.relance(*command[1:5], "--why", "vu dans les messages envoyés")
    assert released.code == 0
    assert desk.relance("send", workbook, "--as-of", DAY).code == 0


def _forget_the_answer(database: str) -> None:
    """Leave the journal as a crash between the claim and its answer does."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE claims SET state = 'pending', answer = '', settled_at = ''")
        connection.execute("DELETE FROM events WHERE kind = 'sent'")
    connection.close()
