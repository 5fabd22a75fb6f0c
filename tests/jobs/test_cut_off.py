"""The database's line is cut in the middle of a round: what the mail server has answered by then is written down over a new line."""

import json
import time
from collections import Counter
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from batch.journal import Journal
from tests.jobs.desk import COMPANY
from tests.jobs.mailroom import PATIENCE, Mailroom, mailroom

MAILS, SESSIONS = 12, 3  # as nothing else is set
THINK = 1.0  # seconds that the server takes over a mail: the line is cut in the middle of them


def cut(database: str) -> None:
    """End every conversation with the database but this one, as a server does that is started anew."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [make_url(database).database],
        )


def told(room: Mailroom) -> Counter[str]:
    """Send, and return how many rows had each reason, or outcome without one."""
    process = room.sender()
    out, _ = process.communicate(timeout=PATIENCE)
    return Counter(mail["reason"] or mail["outcome"] for mail in json.loads(out)["mails"])


def test_what_the_server_answered_is_not_forgotten(tmp_path: Path, database: str) -> None:
    """The round ends with the database's words; the mails in hand are known as sent, so the next call sends all others."""
    with mailroom(tmp_path / "room", MAILS, database, think=THINK) as room:
        first = room.sender()
        until = time.monotonic() + PATIENCE
        while len(room.delivered()) < SESSIONS and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(THINK / 2)
        cut(database)
        _, said = first.communicate(timeout=PATIENCE)
        assert (first.returncode, "JOURNAL-FAILED" in said) == (1, True)
        with Journal.open(database, COMPANY) as journal:
            known, in_doubt = set(journal.events()["message_id"]), len(journal.unsettled())
        assert known == set(room.delivered())
        # Whose claim was cut in the middle did not reach the mail server; it is told as in doubt all the same.
        rest = {"already-sent": len(known), "sent": MAILS - len(known) - in_doubt, "uncertain-mail": in_doubt}
        assert told(room) == Counter(rest)
        assert sorted(room.delivered().values()) == [1] * (MAILS - in_doubt)
