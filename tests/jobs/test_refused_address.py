"""A mail server refuses a mail for good: the same workbook sent again leaves the address alone, and says how to go on."""

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.jobs.desk import DAY, SETTINGS, Desk, ledger, review
from tests.mailserver import HOST, USER, listening, papers

BAD, GOOD, RULED, NEW = "faute@aulne.example", "compta@bouleau.example", "compta@cedre.example", "neu@aulne.example"
LINES = (
    f"411ALDER;Aulne SARL;{BAD};;FA-101;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;",
    f"411BIRCH;Bouleau SAS;{GOOD};;FA-102;30/09/2026;30/10/2026;450,00;450,00;;EUR;",
    f"411CEDAR;Cèdre SA;{RULED};;FA-103;30/09/2026;30/10/2026;800,00;800,00;;EUR;",
)
REFUSALS = {BAD: "550 5.1.1 no such user", RULED: "550 5.7.1 not from your network"}


@dataclass
class Post:
    """What the server refuses, and whom it was asked to deliver to, in order."""

    refusals: dict[str, str]
    asked: list[str] = field(default_factory=list)

    def authenticate(self, *_: object) -> AuthResult:
        """Let in whoever comes."""
        return AuthResult(success=True)

    async def handle_RCPT(  # noqa: N802  aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse an address."""
        del server, session, options
        self.asked.append(address)
        if address not in self.refusals:
            envelope.rcpt_tos.append(address)
        return self.refusals.get(address, "250 OK")

    def since(self) -> list[str]:
        """Return the addresses of the last call, and begin anew."""
        asked, self.asked = sorted(self.asked), []
        return asked


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Desk, Post]]:
    """Return a desk with a workbook of three reminders on a Friday, and its mail server."""
    for module in ("weekly", "history"):
        monkeypatch.setattr(
            sys.modules[f"batch.cli.{module}"], "now", lambda: dt.datetime.fromisoformat(f"{DAY}T09:30").astimezone()
        )
    certificates, folder = papers(tmp_path / "papers"), tmp_path / "desk"
    folder.mkdir()
    server = Post(dict(REFUSALS))
    with listening(server, server.authenticate, certificates.contexts["good"], starttls=True) as port:
        account = f'[smtp]\nhost = "{HOST}"\nport = {port}\nuser = "{USER}"\nca_file = "{certificates.authority}"\n'
        (folder / "relance.toml").write_text(f"{SETTINGS}\n{account}", encoding="utf-8")
        desk = Desk(folder, {"RELANCE_SMTP_PASSWORD": "right"})
        assert desk.relance("run", ledger(folder, *LINES), "--as-of", DAY, "-q").code == 0
        yield desk, server


def sent(desk: Desk) -> dict[str, Any]:
    """Send the workbook; return what became of each customer's row."""
    said = desk.relance("send", desk.workbook(name="ledger-annotated.xlsx"), "--json")
    assert said.code == 3, said.err
    return {mail["debtor_id"]: mail for mail in said.document["mails"]}


def test_the_same_workbook_leaves_a_refused_address_alone(post: tuple[Desk, Post]) -> None:
    """What blames the address is not tried again, and says why; what blames the sender is; the mail that left is not sent twice."""
    desk, server = post
    assert {name: row["outcome"] for name, row in sent(desk).items()} == {
        "411ALDER": "refused", "411BIRCH": "sent", "411CEDAR": "refused",
    }  # fmt: skip
    assert server.since() == sorted([BAD, GOOD, RULED])
    rows = sent(desk)
    assert server.since() == [RULED]
    assert (rows["411ALDER"]["outcome"], rows["411ALDER"]["reason"]) == ("left", "address-refused")
    assert f"le serveur a refusé l'adresse {BAD} le" in rows["411ALDER"]["sentence"]
    assert len(rows["411ALDER"]["release"]) == 1
    assert rows["411CEDAR"]["outcome"] == "refused"


def test_ways_out(post: tuple[Desk, Post]) -> None:
    """The command that the terminal names lets it be tried again; refused once more it counts anew; a typed address is used at once."""
    desk, server = post
    sent(desk)
    told = desk.relance("send", desk.workbook(name="ledger-annotated.xlsx"))
    assert told.code == 3
    command = next(line.split() for line in told.out.splitlines() if line.strip().startswith("relance history release"))
    assert command[4] == "--not-sent"
    released = desk.relance("history", "release", command[3], "--not-sent", "--why", "mailbox opened")
    assert (released.code, released.err) == (0, "")
    server.since()
    assert sent(desk)["411ALDER"]["outcome"] == "refused"
    assert sent(desk)["411ALDER"]["reason"] == "address-refused"
    assert server.since().count(BAD) == 1
    review(desk.workbook(name="ledger-annotated.xlsx"), {("411ALDER", "EUR"): {"email_typed": NEW}})
    assert sent(desk)["411ALDER"]["outcome"] == "sent"
    assert NEW in server.since()


def test_the_next_run_knows_it_too(post: tuple[Desk, Post]) -> None:
    """The address that is to blame gets a letter, the one that is not a mail; corrected in the ledger, it gets a mail as well."""
    desk, _ = post
    sent(desk)
    for lines, channel in ((LINES, "letter"), ((LINES[0].replace(BAD, NEW), *LINES[1:]), "mail")):
        assert desk.relance("run", ledger(desk.folder, *lines), "--as-of", DAY, "--out", channel, "-q").code == 0
        channels = {one["debtor_id"]: one["channel"] for one in desk.plan(out=channel)["debtors"]}
        assert (channels["411ALDER"], channels["411CEDAR"]) == (channel, "mail")
