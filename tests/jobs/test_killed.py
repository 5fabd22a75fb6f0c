"""`kill -9` of a real `relance send` at random moments: no mail twice, none lost without being listed.

20 kills in an ordinary run, 200 with RELANCE_LONG=1; RELANCE_SEED names another campaign.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from batch.journal import Journal
from tests.conftest import CAMPAIGN
from tests.jobs.desk import COMPANY
from tests.jobs.mailroom import PATIENCE, Mailroom, mailroom

LONG = os.environ.get("RELANCE_LONG") == "1"
SEED = os.environ.get("RELANCE_SEED", "20261120")
MAILS = 300
# Batches and kills in each: a batch is begun again after each kill, and finished after the last.
CAMPAIGNS = {"sqlite": (5, 20) if LONG else (1, 12), "postgresql": (5, 20) if LONG else (1, 8)}
EARLY = 0.3  # share of the kills that come before the process has got as far as mails
SECONDS_TO_THE_FIRST = 2.0


def kill_once(room: Mailroom, chance: random.Random, kills: int) -> bool:
    """Start a sender and kill it at a random moment; False when it was done before that."""
    process = room.sender()
    if chance.random() < EARLY:
        time.sleep(chance.uniform(0, SECONDS_TO_THE_FIRST))
    else:
        before = room.received.stat().st_size
        wanted = chance.randint(1, MAILS // kills) * len("<relance.0123456789abcdef0123456789abcdef@atelier.example>\n")
        until = time.monotonic() + PATIENCE
        while room.received.stat().st_size - before < wanted and process.poll() is None and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))  # anywhere between a mail's claim and the next one's
    alive = process.poll() is None
    process.kill()
    process.communicate()
    return alive


def finish(room: Mailroom) -> tuple[int, Counter[str]]:
    """Send what is left and return the exit code and how many rows had each reason, or outcome without one."""
    process = room.sender()
    out, err = process.communicate(timeout=PATIENCE)
    assert err == ""
    return process.returncode, Counter(mail["reason"] or mail["outcome"] for mail in json.loads(out)["mails"])


@pytest.mark.parametrize("kind", CAMPAIGNS)
def test_killed_at_random_moments(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """Whatever was not delivered is sent by the next call, or listed as uncertain and said so; nothing arrives twice."""
    batches, kills = CAMPAIGNS[kind]
    chance = random.Random(f"{SEED} {kind}")  # noqa: S311  chance makes moments, not keys
    killed = unclear = lost = 0
    for batch in range(batches):
        folder = tmp_path / f"batch{batch}"
        address = str(folder / "relance.db")
        if kind == "postgresql":
            address = request.getfixturevalue("databases")()
        with mailroom(folder, MAILS, address) as room:
            killed += sum(kill_once(room, chance, kills) for _ in range(kills))
            before = len(room.delivered())
            code, told = finish(room)
            delivered = room.delivered()
            with Journal.open(address, COMPANY, create=False) as journal:
                assert journal.unsettled() == []
                uncertain = {claim.message_id for claim in journal.uncertain()}
                sent = set(journal.events().query("kind == 'sent'")["message_id"])
            assert max(delivered.values()) == 1
            assert len(sent | uncertain) == MAILS
            assert sent <= set(delivered) <= sent | uncertain
            assert (told["uncertain-mail"], told["already-sent"] + told["sent"]) == (len(uncertain), len(sent))
            assert told["sent"] == len(delivered) - before
            assert code == (3 if uncertain else 0)
            unclear += len(uncertain)
            lost += len(uncertain - set(delivered))
    record_property(
        CAMPAIGN,
        f"kill -9 while sending, {kind}: {killed} kills, {batches * MAILS} mails, 0 twice, {unclear} uncertain and listed"
        f" ({lost} of them had not left), the rest sent, seed {SEED}",
    )
