"""Each mail leaves once, also when two calls run at the same time or one is killed in the middle."""

import os
import subprocess
import sys
import time
from collections import Counter

from tests.jobs.desk import DAY, ROOT, Desk, read_mail

PATIENCE = 60  # seconds; only a process that never gets there is given up


def sending(desk: Desk) -> "subprocess.Popen[str]":
    """Start `relance send` of the desk's workbook as a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "batch", "send", str(desk.workbook()), "--as-of", DAY],
        cwd=desk.folder, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **desk.environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


def copies(desk: Desk) -> Counter[str]:
    """Return how many files there are of each mail, by Message-ID."""
    return Counter(str(read_mail(path)["Message-ID"]) for path in desk.folder.rglob("*.eml"))


def test_two_at_the_same_time(desk: Desk) -> None:
    """Of two processes that send one workbook, one may be turned away; together they send every mail once."""
    ready = desk.relance("send", desk.workbook(), "--as-of", DAY, "--dry-run", "--json").document["mails"]
    both = [sending(desk) for _ in range(2)]
    said = [(process.communicate(timeout=PATIENCE), process.returncode) for process in both]
    assert [code for _, code in said if code not in {0, 1}] == []
    assert 0 in [code for _, code in said]
    assert [err for (_, err), code in said if code == 1 and not err.startswith("JOURNAL-BUSY  ")] == []
    assert set(copies(desk).values()) == {1}
    assert len(copies(desk)) == [mail["outcome"] for mail in ready].count("ready")


def test_killed_in_the_middle(desk: Desk) -> None:
    """A process is killed after its first mail: the next call sends the rest; what may have left is left alone and shown."""
    process = sending(desk)
    until = time.monotonic() + PATIENCE
    while not copies(desk) and time.monotonic() < until:
        time.sleep(0.002)
    process.kill()
    process.communicate()
    left_before = copies(desk)
    assert set(left_before.values()) == {1}
    said = desk.relance("send", desk.workbook(), "--as-of", DAY, "--json")
    assert said.err == ""
    outcomes = Counter(mail["outcome"] for mail in said.document["mails"])
    reasons = Counter(mail["reason"] for mail in said.document["mails"])
    assert set(copies(desk).values()) == {1}
    assert len(copies(desk)) == len(left_before) + outcomes["sent"]
    assert reasons["already-sent"] + reasons["uncertain-mail"] >= len(left_before)
    assert said.code == (3 if reasons["uncertain-mail"] else 0)
