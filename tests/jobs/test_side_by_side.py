"""Several real `relance send` on one PostgreSQL share the queue: each mail leaves once, whoever sends it."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from batch.journal import Journal
from tests.conftest import CAMPAIGN
from tests.jobs.desk import COMPANY
from tests.jobs.mailroom import PATIENCE, mailroom

SENDERS, MAILS = 2, 120
SESSIONS = 3  # of each, as nothing else is set
THINK = 0.1  # seconds that the server takes over a mail, in which the other sender passes by what is claimed


def test_two_senders_of_one_workbook(
    tmp_path: Path, database: str, record_property: Callable[[str, object], None]
) -> None:
    """All their sessions are logged in before the first mail is answered; both end well, and together they send all, each once."""
    with mailroom(tmp_path / "room", MAILS, database, together=SENDERS * SESSIONS, think=THINK) as room:
        senders = [room.sender() for _ in range(SENDERS)]
        said = [(*sender.communicate(timeout=PATIENCE), sender.returncode) for sender in senders]
        assert [(err, code) for _, err, code in said] == [("", 0)] * SENDERS
        told = [Counter(mail["reason"] or mail["outcome"] for mail in json.loads(out)["mails"]) for out, _, _ in said]
        assert sum(count["sent"] for count in told) == MAILS
        assert min(count["sent"] for count in told) > 0
        assert [set(count) - {"sent", "already-sent"} for count in told] == [set()] * SENDERS
        assert sorted(room.delivered().values()) == [1] * MAILS
        with Journal.open(database, COMPANY) as journal:
            assert (len(journal.unsettled()), len(journal.uncertain())) == (0, 0)
            assert sorted(journal.events()["message_id"]) == sorted(room.delivered())
    shares = " + ".join(str(count["sent"]) for count in told)
    record_property(CAMPAIGN, f"{SENDERS} senders on one PostgreSQL: {shares} of {MAILS} mails, 0 twice")
