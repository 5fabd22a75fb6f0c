"""When mails may leave: per minute, hour and day, at some hours, as long as the server takes them and nobody presses Ctrl-C."""

import datetime as dt
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from batch.delivery.postman import Kind, Outcome
from batch.jobs.send.gate import Gate
from batch.journal import Journal
from batch.settings import Pace
from tests.jobs.desk import COMPANY, ROOT
from tests.jobs.mailroom import CLOCK, PATIENCE, Mailroom, mailroom

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
MAILS = 12
# What a terminal does for the program it starts: its window is the one whose closing ends the program.
TERMINAL = "import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"


def gate(pace: Pace, *earlier: dt.timedelta, limit: int | None = None, at: dt.datetime = NOON) -> Gate:
    """Return the gate at a moment that stands still; `earlier` is how long ago other calls claimed mails."""
    return Gate(pace, limit, now=lambda: at, stop=lambda: False, others=lambda _since: [at - ago for ago in earlier])


@pytest.mark.parametrize(
    ("pace", "earlier", "reason"),
    [
        (Pace(), (), ""),
        (Pace(per_hour=2), (dt.timedelta(minutes=59),), ""),
        (Pace(per_hour=2), (dt.timedelta(minutes=59), dt.timedelta(minutes=1)), "pace-reached"),
        (Pace(per_hour=2), (dt.timedelta(minutes=60), dt.timedelta(minutes=1)), ""),
        (Pace(per_day=2), (dt.timedelta(hours=23), dt.timedelta(minutes=1)), "pace-reached"),
        (Pace(per_day=2), (dt.timedelta(hours=24), dt.timedelta(minutes=1)), ""),
        (Pace(window=(dt.time(8, 30), dt.time(12, 0))), (), "outside-window"),
        (Pace(window=(dt.time(12, 0), dt.time(18, 0))), (), ""),
        (Pace(window=(dt.time(12, 1), dt.time(18, 0))), (), "outside-window"),
    ],
)
def test_the_gate_opens_or_says_why_not(pace: Pace, earlier: tuple[dt.timedelta, ...], reason: str) -> None:
    """Mails of earlier calls count while they are in the time looked at; the hours begin with their first minute and end before the last."""
    assert gate(pace, *earlier).opens() == reason


def test_its_own_mails_count_too() -> None:
    """Of three mails in an hour one was sent before; two go, the third does not. The limit of a call counts its own alone."""
    passing = gate(Pace(per_hour=3), dt.timedelta(minutes=1))
    assert [passing.opens() for _ in range(3)] == ["", "", "pace-reached"]
    passing = gate(Pace(), dt.timedelta(minutes=1), limit=1)
    assert [passing.opens() for _ in range(2)] == ["", "limit-reached"]


def test_a_full_minute_is_waited_for() -> None:
    """The clock goes on by a quarter of a minute at each look: two mails a minute leave, and none is turned away."""
    looks = iter(range(10_000))
    passed: list[dt.datetime] = []

    def clock() -> dt.datetime:
        passed.append(NOON + dt.timedelta(seconds=15 * next(looks)))
        return passed[-1]

    passing = Gate(Pace(per_minute=2), None, now=clock, stop=lambda: False, others=lambda _since: [])
    left = []
    for _ in range(5):
        assert passing.opens() == ""
        left.append(passed[-1])
    assert all(later - earlier >= dt.timedelta(minutes=1) for earlier, later in zip(left, left[2:], strict=False))


def test_no_mail_leaves_after_midnight() -> None:
    """What was worked out for Friday does not leave on Saturday, however long the machine slept or the minutes were full."""
    moments = [NOON]
    passing = Gate(Pace(), None, now=lambda: moments[-1], stop=lambda: False, others=lambda _since: [])
    said = []
    for hours in (0, 11.99, 12):
        moments.append(NOON + dt.timedelta(hours=hours))
        said.append(passing.opens())
    assert said == ["", "", "day-over"]


def test_a_server_that_takes_nothing_is_left_alone() -> None:
    """Three mails put off in a row close the gate, a pause asked for does at once; one that leaves in between starts anew."""
    later, sent = Outcome(Kind.LATER, "451"), Outcome(Kind.SENT, "250")
    passing = gate(Pace())
    for outcome in (later, later, sent, later, later):
        passing.hear(outcome)
        assert passing.opens() == ""
    passing.hear(later)
    assert passing.opens() == "server-later"
    passing = gate(Pace())
    passing.hear(Outcome(Kind.LATER, "421", pause=True))
    assert passing.opens() == "server-later"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    """Return a mailroom with some mails to send."""
    with mailroom(tmp_path / "room", MAILS, str(tmp_path / "room/relance.db")) as opened:
        yield opened


def settle(room: Mailroom, *lines: str) -> None:
    """Add lines to the [mail] section of the room's settings."""
    path = room.desk.folder / "relance.toml"
    kept = path.read_text(encoding="utf-8").partition("\n[mail]")[0]
    path.write_text("\n".join([kept, "[mail]", *lines, ""]), encoding="utf-8")


def call(room: Mailroom) -> tuple[int, Counter[str], Any]:
    """Send, and return the exit code, how many rows had each reason or outcome, and what was said."""
    process = room.sender()
    out, err = process.communicate(timeout=PATIENCE)
    assert err == ""
    said = json.loads(out)
    return process.returncode, Counter(mail["reason"] or mail["outcome"] for mail in said["mails"]), said


def test_what_an_hour_does_not_take_goes_later(room: Mailroom) -> None:
    """Three sessions send four mails and no fifth, the first four rows; the next call in the same hour none; without the bound the rest leaves."""
    settle(room, "per_hour = 4")
    code, told, said = call(room)
    assert (code, told) == (0, {"sent": 4, "pace-reached": MAILS - 4})
    assert [mail["outcome"] for mail in said["mails"]] == ["sent"] * 4 + ["left"] * (MAILS - 4)
    assert "relance send" in said["mails"][-1]["sentence"]
    code, told, _ = call(room)
    assert (code, told) == (0, {"already-sent": 4, "pace-reached": MAILS - 4})
    settle(room, 'window = "20:00-21:00"')
    code, told, _ = call(room)
    assert (code, told) == (0, {"already-sent": 4, "outside-window": MAILS - 4})
    settle(room, 'window = "09:00-18:00"')
    code, told, _ = call(room)
    assert (code, told) == (0, {"already-sent": 4, "sent": MAILS - 4})
    assert sorted(room.delivered().values()) == [1] * MAILS


@pytest.mark.skipif(os.name == "nt", reason="no process can be sent Ctrl-C alone")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_ctrl_c_finishes_the_mails_in_hand(room: Mailroom, name: str) -> None:
    """The first ends well, with what remains, and leaves nothing in doubt; the next call sends the rest, each mail once.

    So does the machine when it is shut down.
    """
    settle(room, "per_minute = 5")  # the sixth mail waits, and Ctrl-C comes meanwhile
    process = room.sender()
    five_have_left(room, process)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=PATIENCE)
    told = Counter(mail["reason"] or mail["outcome"] for mail in json.loads(out)["mails"])
    assert (err, process.returncode, told) == ("", 130, {"sent": 5, "interrupted": MAILS - 5})
    with Journal.open(str(room.desk.folder / "relance.db"), COMPANY, create=False) as journal:
        assert (journal.unsettled(), journal.uncertain()) == ([], [])
    settle(room)
    assert call(room)[:2] == (0, {"already-sent": 5, "sent": MAILS - 5})
    assert sorted(room.delivered().values()) == [1] * MAILS


@pytest.mark.skipif(os.name == "nt", reason="terminals of Windows end their programs")
def test_a_closed_terminal_leaves_nothing_in_doubt(room: Mailroom) -> None:
    """The window of `relance send` is closed while mails leave: those in hand are finished, and the copy of the workbook is written."""
    settle(room, "per_minute = 5")
    window, inside = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", f"{TERMINAL}{CLOCK}", "send", str(room.workbook)],
        cwd=room.desk.folder, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **room.desk.environment},
        stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
    )  # fmt: skip
    os.close(inside)
    five_have_left(room, process, window)
    os.close(window)
    assert process.wait(PATIENCE) == 130
    with Journal.open(str(room.desk.folder / "relance.db"), COMPANY, create=False) as journal:
        assert (journal.unsettled(), journal.uncertain()) == ([], [])
    assert room.workbook.with_name("ledger-annotated-envoyes.xlsx").exists()
    assert sorted(room.delivered().values()) == [1] * 5


def five_have_left(room: Mailroom, process: "subprocess.Popen[Any]", window: int | None = None) -> None:
    """Wait until the server has five mails and the sixth waits for its minute; what a window shows is looked at meanwhile."""
    until = time.monotonic() + PATIENCE
    while sum(room.delivered().values()) < 5 and process.poll() is None and time.monotonic() < until:
        while window is not None and select.select([window], [], [], 0)[0]:
            os.read(window, 4096)
        time.sleep(0.01)


@pytest.mark.skipif(os.name == "nt", reason="no process can be sent Ctrl-C alone")
def test_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    """The server keeps its answers back: the process is gone all the same, and the journal holds the mails in hand, one a session at most."""
    journal = str(tmp_path / "room/relance.db")
    with mailroom(tmp_path / "room", MAILS, journal, together=100) as room:
        process = room.sender()
        with Journal.open(journal, COMPANY, create=False) as looking:
            until = time.monotonic() + PATIENCE
            while not looking.unsettled() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            while process.poll() is None and time.monotonic() < until:
                process.send_signal(signal.SIGINT)
                time.sleep(0.1)
            process.communicate(timeout=PATIENCE)
            in_hand = {claim.message_id for claim in looking.unsettled()}
        assert process.returncode == 130
        assert 1 <= len(in_hand) <= 3
