"""Mails sent through a server are filed by customer; `relance history erase` forgets one customer, there and in the journal."""

import json
from pathlib import Path

from tests.jobs.desk import read_mail
from tests.jobs.mailroom import Mailroom, mailroom


def sent(folder: Path) -> "tuple[Mailroom, Path]":
    """Send three mails and return the room and its archive."""
    with mailroom(folder, 3, str(folder / "relance.db")) as room:
        out, err = room.sender().communicate(timeout=120)
        assert [mail["outcome"] for mail in json.loads(out)["mails"]] == ["sent"] * 3, err
    return room, folder / "archive"


def test_sent_mails_are_filed_and_a_customer_is_forgotten(tmp_path: Path) -> None:
    """Shown first, erased with --yes, nothing left the second time; another customer's mail and the command's own help stay."""
    room, archive = sent(tmp_path / "room")
    desk = room.desk
    filed = {str(read_mail(path)["To"]): path for path in archive.rglob("*.eml")}
    assert sorted(filed) == [f"compta@client{n}.example" for n in range(3)]
    assert {str(read_mail(path)["Message-ID"]) for path in filed.values()} == set(room.delivered())

    shown = desk.relance("history", "erase", "4110001", "--json").document
    assert (shown["erased"], shown["counts"]) == (
        False, {"events": 1, "mails": 1, "lines": 1, "balances": 1, "files": 1},
    )  # fmt: skip
    assert filed["compta@client1.example"].exists()
    told = desk.relance("history", "erase", "4110001", "--yes").out
    assert str(desk.folder / "relance-out") in told
    kept = b"".join(path.read_bytes() for path in desk.folder.glob("relance.db*"))
    assert [word for word in (b"4110001", b"client1.example", b"FA-1|", b"Client 1") if word in kept] == []
    assert b"compta@client2.example" in kept
    assert sorted(path.exists() for path in filed.values()) == [False, True, True]

    again = desk.relance("history", "erase", "4110001", "--yes", "--json")
    assert (again.code, set(again.document["counts"].values())) == (0, {0})
    assert desk.relance("history", "show", "4110001").err.startswith("CUSTOMER-UNKNOWN")
    left = desk.relance("history", "show", "--json").document
    assert [event["kind"] for event in left] == ["sent"] * 3


def test_a_mail_goes_once_though_the_archive_is_full(tmp_path: Path) -> None:
    """The archive's folder cannot be made: the mails leave, each once, and one problem says so."""
    folder = tmp_path / "room"
    with mailroom(folder, 2, str(folder / "relance.db")) as room:
        (folder / "archive").write_text("in the way", encoding="ascii")
        first = json.loads(room.sender().communicate(timeout=120)[0])
        second = json.loads(room.sender().communicate(timeout=120)[0])
        assert [mail["outcome"] for mail in first["mails"]] == ["sent", "sent"]
        assert [problem["code"] for problem in first["problems"]] == ["ARCHIVE-NOT-WRITTEN"]
        assert [mail["reason"] for mail in second["mails"]] == ["already-sent"] * 2
        assert set(room.delivered().values()) == {1}
