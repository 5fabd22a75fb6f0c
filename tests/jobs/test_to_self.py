"""`send --to-self`: all that would leave goes to one address, as often as wanted, and no journal knows of it."""

from pathlib import Path

import pytest

from batch.journal import Journal
from tests.jobs.desk import COMPANY, DAY, Desk, ledger, read_mail
from tests.jobs.mailroom import mailroom

OWN = "moi@atelier.example"
LINES = (
    "411ALDER;Aulne SARL;compta@aulne.example;;FA-101;30/09/2026;30/10/2026;1200,00;1000,00;;EUR;",
    "411CEDAR;Cèdre SA;compta@cedre.example;;FA-103;01/09/2026;01/10/2026;80,50;80,50;;EUR;",
)


@pytest.fixture
def trial_desk(empty_desk: Desk) -> Desk:
    """Return a desk with a workbook of two reminders."""
    assert empty_desk.relance("run", ledger(empty_desk.folder, *LINES), "--as-of", DAY, "-q").code == 0
    return empty_desk


def everything(desk: Desk) -> dict[str, object]:
    """Return all that a journal holds."""
    with Journal.open(str(desk.folder / "relance.db"), COMPANY) as journal:
        return {
            "events": journal.events().astype(str).to_dict("records"), "snapshots": journal.snapshots().to_dict("records"),
            "unsettled": journal.unsettled(), "uncertain": journal.uncertain(), "empty": journal.is_empty(),
        }  # fmt: skip


def test_to_a_folder(trial_desk: Desk) -> None:
    """Two calls make two copies of each mail, named for whom they are meant; then the real ones leave as if nothing had been."""
    desk = trial_desk
    workbook = desk.workbook(name="ledger-annotated.xlsx")
    before = everything(desk)
    for count in (2, 4):
        said = desk.relance("send", workbook, "--as-of", DAY, "--to-self", OWN, "--json")
        assert (said.code, said.document["to_self"]) == (0, OWN)
        assert [mail["outcome"] for mail in said.document["mails"]] == ["trial", "trial"]
        copies = [read_mail(path) for path in desk.folder.rglob("to-self/*.eml")]
        assert len(copies) == count
    assert (
        everything(desk) == before == {"events": [], "snapshots": [], "unsettled": [], "uncertain": [], "empty": True}
    )
    assert {str(copy["To"]) for copy in copies} == {OWN}
    assert [str(copy["Cc"] or copy["In-Reply-To"] or copy["References"] or "") for copy in copies] == [""] * 4
    assert len({str(copy["Message-ID"]) for copy in copies}) == 4
    assert desk.relance("send", workbook, "--as-of", DAY, "-q").code == 0
    real = [read_mail(path) for path in workbook.parent.glob("outbox/*.eml")]
    assert sorted(f"[à {mail['To']}] {mail['Subject']}" for mail in real) == sorted(
        {str(one["Subject"]) for one in copies}
    )
    assert {str(mail["Message-ID"]) for mail in real}.isdisjoint(str(copy["Message-ID"]) for copy in copies)
    said = desk.relance("send", workbook, "--as-of", DAY, "--to-self", OWN, "--json")
    assert [mail["reason"] for mail in said.document["mails"]] == ["already-sent", "already-sent"]


def test_on_a_saturday_night(trial_desk: Desk) -> None:
    """What waits only for a business day may be looked at on any day; a customer still gets nothing then."""
    workbook, saturday = trial_desk.workbook(name="ledger-annotated.xlsx"), "2026-11-21"
    said = trial_desk.relance("send", workbook, "--as-of", saturday, "--to-self", OWN, "--json")
    assert [mail["outcome"] for mail in said.document["mails"]] == ["trial", "trial"]
    said = trial_desk.relance("send", workbook, "--as-of", saturday, "--json")
    assert [mail["reason"] for mail in said.document["mails"]] == ["weekend-or-holiday"] * 2


def test_to_a_server(tmp_path: Path) -> None:
    """Through a mail server, with a limit, at other hours than `window` and on another day than today: one's own address gets it all."""
    room_folder = tmp_path / "room"
    with mailroom(room_folder, 3, f"sqlite:///{room_folder / 'relance.db'}") as room:
        with (room_folder / "relance.toml").open("a", encoding="utf-8") as file:
            file.write('\n[mail]\nwindow = "02:00-02:01"\n')
        for _ in range(2):
            said = room.desk.relance("send", room.workbook, "--to-self", OWN, "--as-of", DAY, "--limit", "2", "--json")
            assert said.code == 0
            assert [mail["outcome"] for mail in said.document["mails"]].count("trial") == 2
        assert sorted(room.delivered().values()) == [1] * 4
        assert everything(Desk(room_folder))["empty"] is True


def test_what_cannot_be_meant(trial_desk: Desk) -> None:
    """An address that is none and a dry run beside it are wrong usage."""
    workbook = trial_desk.workbook(name="ledger-annotated.xlsx")
    assert trial_desk.relance("send", workbook, "--to-self", "moi").code == 2
    assert trial_desk.relance("send", workbook, "--to-self", OWN, "--dry-run").code == 2
    assert not list(trial_desk.folder.rglob("*.eml"))
