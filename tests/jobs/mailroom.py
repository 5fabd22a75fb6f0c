"""A desk with many mails to send, a mail server on loopback, and real `relance send` processes between them."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.jobs.desk import DAY, ROOT, SETTINGS, Desk, ledger

# The command line itself, but for its clock: mails leave on business days only, and tests run on any day.
CLOCK = f"""
import datetime as dt, sys
from batch.cli import weekly
weekly.now = lambda: dt.datetime.fromisoformat("{DAY}T09:30").astimezone()
from batch.__main__ import main
sys.exit(main())
"""
PATIENCE = 300  # seconds; only a process that never gets there is given up


@dataclass(frozen=True)
class Mailroom:
    """The desk, its workbook and what its mail server wrote down."""

    desk: Desk
    received: Path

    @property
    def workbook(self) -> Path:
        """Return the reviewed workbook."""
        return self.desk.workbook(name="ledger-annotated.xlsx")

    def sender(self) -> "subprocess.Popen[str]":
        """Start `relance send` of the workbook."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RELANCE_")}
        return subprocess.Popen(
            [sys.executable, "-c", CLOCK, "send", str(self.workbook), "--json"],
            cwd=self.desk.folder, env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **self.desk.environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def delivered(self) -> Counter[str]:
        """Return how often each mail arrived at the server, by Message-ID."""
        return Counter(self.received.read_text(encoding="ascii").split())


@contextmanager
def mailroom(folder: Path, mails: int, journal: str, *, together: int = 0, think: float = 0) -> Iterator[Mailroom]:
    """Run a ledger of so many customers, each late with one invoice, and open a mail server for them."""
    folder.mkdir()
    sink = subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks/sink.py"), str(folder), "--together", str(together), "--think", str(think)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert sink.stdout is not None
        server = json.loads(sink.stdout.readline())
        yield _desk(folder, mails, journal, server)
    finally:
        sink.communicate(timeout=PATIENCE)


def _desk(folder: Path, mails: int, journal: str, server: dict[str, Any]) -> Mailroom:
    smtp = "\n".join(f"{key} = {json.dumps(server[key])}" for key in ("host", "port", "user", "ca_file"))
    (folder / "relance.toml").write_text(f"{SETTINGS}\n[smtp]\n{smtp}\n", encoding="utf-8")
    lines = (
        f"411{n:04};Client {n};compta@client{n}.example;;FA-{n};30/09/2026;30/10/2026;{1200 + n},00;{1000 + n},00;;EUR;"
        for n in range(mails)
    )
    desk = Desk(folder, {"RELANCE_JOURNAL": journal, "RELANCE_SMTP_PASSWORD": server["password"]})
    said = desk.relance("run", ledger(folder, *lines), "--as-of", DAY, "-q")
    assert (said.code, said.err) == (0, "")
    received = Path(server["received"])
    received.touch()
    return Mailroom(desk, received)
