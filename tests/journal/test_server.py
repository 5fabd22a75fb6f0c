"""What only a server allows or asks for: senders side by side, transactions in turn, durable answers, its own errors."""

import datetime as dt
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import psycopg
import pytest
from sqlalchemy import text

from batch.core.problem import RelanceError
from batch.journal import AlreadyClaimed, Journal, Line
from batch.journal.store import open_store
from tests.postgresql import PASSWORD

Claiming = Callable[..., int | AlreadyClaimed]
Make = Callable[..., pd.DataFrame]

REPOSITORY = Path(__file__).parents[2]
AT = dt.datetime(2026, 11, 20, 9, 30)
TOGETHER = 6

pytestmark = pytest.mark.parametrize("address", ["postgresql"], indirect=True)


@pytest.fixture
def other(address: str, journal: Journal) -> Iterator[Journal]:
    """Return the same journal as another program has it open."""
    with Journal.open(address, journal.company) as opened:
        yield opened


def test_senders_share_a_company_and_runs_do_not(address: str, journal: Journal, other: Journal) -> None:
    """Two senders are at work at once, then one run alone; another company's run never waits."""
    with journal.sending(), other.sending(), Journal.open(address, "Beta") as beta:
        with beta.exclusive():
            pass
        with pytest.raises(RelanceError) as refused, other.exclusive():
            pass
        assert refused.value.code == "JOURNAL-BUSY"
    with other.exclusive():
        pass


def test_what_a_living_sender_has_in_hand_is_left_alone(journal: Journal, other: Journal, make_claim: Claiming) -> None:
    """A second sender makes nothing uncertain as long as the first lives; once it is gone, its mail is a person's to judge."""
    with other.sending():
        with journal.sending():
            make_claim(journal, Line("a", "FA-1", "reminder_1", 1))
            assert other.mark_uncertain(AT) == 0
            assert journal.mark_uncertain(AT) == 0
        assert other.mark_uncertain(AT) == 1
    assert [claim.state for claim in journal.uncertain()] == ["uncertain"]


def test_a_killed_senders_mail_is_uncertain_while_others_send(address: str, journal: Journal) -> None:
    """The one that lives learns of it at its next start, without waiting for the rest to end."""
    code = """
        import datetime as dt, os, signal, sys
        from batch.journal import Journal, Line
        with Journal.open(sys.argv[1], "Alpha") as journal, journal.sending():
            journal.claim(
                "<m1@alpha.example>", "411D", "EUR", "reminder_1", [Line("a", "FA-1", "reminder_1", 1)],
                recipient="compta@durand.example", subject="s", text="t", at=dt.datetime(2026, 11, 20, 9, 30),
            )
            print("claimed", flush=True)
            sys.stdin.readline()
    """
    with (
        journal.sending(),
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), address],
            cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as sender,
    ):  # fmt: skip
        assert sender.stdout is not None
        assert sender.stdout.readline() == "claimed\n"
        assert journal.mark_uncertain(AT) == 0
        sender.kill()
        sender.wait(10)
        assert any(journal.mark_uncertain(AT) for _ in range(2000))


def test_mails_that_overlap_crosswise_do_not_block_each_other(address: str, journal: Journal) -> None:
    """Two senders claim the same lines in opposite order, again and again: one gets them, the other is told, nobody waits for ever."""
    lines = [Line(f"item {number}", "", "reminder_1", 1) for number in range(20)]

    def race(backwards: int) -> list[bool]:
        won = []
        with Journal.open(address, journal.company) as mine:
            for turn in range(40):
                asked = [line._replace(round=turn) for line in (lines[::-1] if backwards % 2 else lines)]
                claim = mine.claim(
                    f"<{backwards}-{turn}@alpha.example>", "411D", "EUR", "reminder_1", asked,
                    recipient="compta@durand.example", subject="s", text="t", at=AT,
                )  # fmt: skip
                won.append(isinstance(claim, int))
        return won

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(race, range(4)))
    assert [sum(turn) for turn in zip(*outcomes, strict=True)] == [1] * 40


def test_what_two_senders_record_at_once_is_held_once(address: str, journal: Journal, make_events: Make) -> None:
    """The same workbook is recorded by several at the same moment: each row once, each day's balances once, none fails."""
    rows = make_events(*({"at": AT, "debtor_id": f"411{n}", "kind": "called"} for n in range(30)))
    items = pd.DataFrame({"item_id": [f"item {n}" for n in range(200)], "open": range(200)})

    def record(_: int) -> int:
        with Journal.open(address, journal.company) as mine:
            mine.snapshot(AT.date(), items)
            return mine.record(rows)

    with ThreadPoolExecutor(TOGETHER) as pool:
        added = list(pool.map(record, range(TOGETHER)))
    assert sum(added) == 30
    assert (len(journal.events()), len(journal.snapshots())) == (30, 200)


def test_a_journal_is_made_once_by_many_at_the_same_moment(database: str, address: str) -> None:
    """Several programs meet an empty database: one journal, one id."""
    assert address == database

    def open_it(_: int) -> str:
        with Journal.open(address, "Alpha") as opened:
            return opened.id

    with ThreadPoolExecutor(TOGETHER) as pool:
        assert len(set(pool.map(open_it, range(TOGETHER)))) == 1


def test_what_the_database_cannot_hold_is_replaced(journal: Journal, make_claim: Claiming, make_events: Make) -> None:
    """A null character in a server's answer or a note breaks nothing."""
    claim = make_claim(journal, Line("a\0", "FA-1", "reminder_1", 1))
    assert isinstance(claim, int)
    assert journal.settle(claim, "sent", "250 \0 \ud800 fine", AT)
    assert journal.record(make_events({"at": AT, "debtor_id": "411D", "kind": "called", "note": "no\0"})) == 1
    assert journal.events()["note"].tolist() == ["250 � � fine", "no�"]
    assert journal.claimed(["a\0"])["state"].tolist() == ["sent"]


def test_the_order_is_that_of_a_file(journal: Journal) -> None:
    """The server's language sorts words its own way; the journal's order is the same everywhere."""
    items = ["a", "B", "é", "-b", "Z"]
    journal.snapshot(AT.date(), pd.DataFrame({"item_id": items, "open": [1] * len(items)}))
    assert journal.snapshots()["item_id"].tolist() == sorted(items)


def test_an_answer_means_on_disk(address: str) -> None:
    """A server that answers before it has written is told to write first, for our connections."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off")
    store = open_store(address)
    try:
        with store.reading() as connection_:
            assert connection_.scalar(text("SHOW synchronous_commit")) == "on"
            assert connection_.scalar(text("SHOW transaction_isolation")) == "repeatable read"
    finally:
        store.close()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("ALTER ROLE CURRENT_USER RESET synchronous_commit")


def test_somebody_elses_database_is_left_alone(address: str) -> None:
    """Tables of another program: no journal, and none is added."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE journal (id INTEGER)")
    with pytest.raises(RelanceError) as refused:
        Journal.open(address, "Alpha")
    assert refused.value.code == "JOURNAL-UNREADABLE"
    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("journal",)]


def test_a_blank_database_is_no_journal_for_a_sender(address: str) -> None:
    """Where a memory is expected, an empty database is refused."""
    with pytest.raises(RelanceError) as refused:
        Journal.open(address, "Alpha", create=False)
    assert refused.value.code == "JOURNAL-MISSING"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (PASSWORD, "wrong-s3cret"),
        ("/test_", "/missing_"),
        ("127.0.0.1", "127.0.0.2"),
        ("relance:", "nobody:"),
        (f"relance:{PASSWORD}@", "@"),
    ],
)
def test_a_server_that_does_not_let_us_in_is_named_without_password(address: str, old: str, new: str) -> None:
    """Wrong password, unknown database, nobody listening, unknown user, password as an option: one line, no secret."""
    url = address.replace(old, new, 1) + f"?password={'wrong-s3cret' if new == '@' else PASSWORD}"
    with pytest.raises(RelanceError) as refused:
        Journal.open(url if new == "@" else url.partition("?")[0], "Alpha")
    shown = f"{refused.value!r} {refused.value.facts} {refused.value.source} {refused.value.__cause__}"
    assert refused.value.code == "JOURNAL-FAILED"
    assert "s3cret" not in shown
    assert "\n" not in str(refused.value.facts["reason"])


def test_a_server_that_goes_away_is_said(address: str, journal: Journal, make_claim: Claiming) -> None:
    """The connection is cut between two transactions: the next one says so, and nothing is claimed twice."""
    make_claim(journal, Line("a", "FA-1", "reminder_1", 1))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(RelanceError) as refused:
        make_claim(journal, Line("b", "FA-2", "reminder_1", 1))
    assert refused.value.code == "JOURNAL-FAILED"
    assert isinstance(make_claim(journal, Line("b", "FA-2", "reminder_1", 1)), int)
    assert len(journal.unsettled()) == 2
