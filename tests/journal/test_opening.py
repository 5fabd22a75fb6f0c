"""Which files are taken for a journal, which are refused and left as they are, and who may work on one."""

import datetime as dt
import os
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Text, create_engine, inspect, text

from batch.core.item_key import key_parts
from batch.core.problem import RelanceError
from batch.core.tables import EVENTS, SNAPSHOTS
from batch.journal import Journal, migrations, schema
from batch.journal.store import open_store

REPOSITORY = Path(__file__).parents[2]


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of a few lines in a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)


def refusal(url: str) -> str:
    """Return the code with which a journal is refused."""
    with pytest.raises(RelanceError) as refused:
        Journal.open(url, "Alpha")
    return refused.value.code


def test_a_new_journal_gets_an_id_that_stays(path: Path) -> None:
    """The id given at creation is found again at every later opening."""
    with Journal.open(str(path), "Alpha", new_id=lambda: "id-1") as made:
        assert (made.id, made.position(), made.is_empty()) == ("id-1", 0, True)
    with Journal.open(f"sqlite:///{path}", "Alpha", new_id=lambda: "id-2") as again:
        assert again.id == "id-1"


def test_a_journal_that_should_exist_is_not_made(path: Path) -> None:
    """Where sending expects a memory, a missing or blank file is refused and stays as it is."""
    for blank in (False, True):
        if blank:
            path.touch()
        before = [(file.name, file.stat().st_size) for file in path.parent.iterdir()]
        with pytest.raises(RelanceError) as refused:
            Journal.open(str(path), "Alpha", create=False)
        assert refused.value.code == "JOURNAL-MISSING"
        assert [(file.name, file.stat().st_size) for file in path.parent.iterdir()] == before
    with Journal.open(str(path), "Alpha") as made, Journal.open(str(path), "Alpha", create=False) as again:
        assert again.id == made.id


def test_the_file_is_written_for_good(path: Path) -> None:
    """Write-ahead log, full sync and foreign keys are on."""
    with Journal.open(str(path), "Alpha"):
        pass
    store = open_store(str(path))
    with store.reading() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        assert {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted} == wanted
    store.close()


def test_another_program_holds_a_journal_without_its_log(path: Path) -> None:
    """A journal brought to another mode, while that program writes: it is in use, and nothing is raised that a user cannot read."""
    Journal.open(str(path), "Alpha").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        assert other.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        other.execute("BEGIN IMMEDIATE")
        assert refusal(str(path)) == "JOURNAL-BUSY"


def test_the_schema_holds_every_column_of_the_contract() -> None:
    """A column added to the events or snapshots of core needs a migration here."""
    assert set(schema.events.columns.keys()) == {*EVENTS.columns, "sequence", "company", "fingerprint"}
    assert set(schema.snapshots.columns.keys()) == {*SNAPSHOTS.columns, "company"}


@pytest.mark.parametrize("content", [b"date;client\n2026-11-20;Durand\n" * 50, b"\x89PNG" * 300])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    """A csv or picture named as the journal stays what it is."""
    path.write_bytes(content)
    assert refusal(str(path)) == "JOURNAL-UNREADABLE"
    assert path.read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="no bound on files there")
def test_a_full_disk_does_not_make_a_journal_unreadable(path: Path) -> None:
    """Where nothing more can be written the journal is not said to be none: whoever put back an old copy would send twice."""
    Journal.open(str(path), "Alpha").close()
    code = """
        import resource, sys
        from batch.core.problem import RelanceError
        from batch.journal import Journal
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            Journal.open(sys.argv[1], "Alpha")
        except RelanceError as error:
            print(error.code)
    """
    assert (run(code, str(path)).stdout, path.exists()) == ("JOURNAL-FAILED\n", True)


def test_somebody_elses_database_is_refused_and_left_alone(path: Path) -> None:
    """A SQLite file with other tables is no journal, and no table is added to it."""
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE journal (id INTEGER)")
    other.close()
    before = path.read_bytes()
    assert refusal(str(path)) == "JOURNAL-UNREADABLE"
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    """A file of no bytes, as a crash at creation leaves it, is taken."""
    path.touch()
    with Journal.open(str(path), "Alpha") as made:
        assert made.is_empty()


def test_a_journal_of_a_later_version_is_refused(path: Path) -> None:
    """An older program does not write into a schema it does not know."""
    with Journal.open(str(path), "Alpha"):
        pass
    with sqlite3.connect(path) as file:
        file.execute("UPDATE journal SET value = '99' WHERE key = 'version'")
    file.close()
    assert refusal(str(path)) == "JOURNAL-NEWER"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("{tmp}/missing/relance.db", "JOURNAL-FOLDER"),
        ("{tmp}", "JOURNAL-UNREADABLE"),
        ("mysql://user:secret@server.example/relance", "JOURNAL-DRIVER"),
        ("://nothing", "JOURNAL-URL"),
    ],
)
def test_other_refusals_have_names(tmp_path: Path, url: str, code: str) -> None:
    """Missing folder, a folder in place of a file, a database that is not supported, no URL at all."""
    assert refusal(url.format(tmp=tmp_path)) == code


def test_an_older_journal_climbs_step_by_step(path: Path) -> None:
    """Only the migrations it has not seen run, in order, and the version is written with them."""

    def second(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE claims ADD COLUMN second TEXT"))

    def third(connection: Connection) -> None:
        connection.execute(text("UPDATE claims SET second = 'third'"))
        connection.execute(text("ALTER TABLE claims ADD COLUMN third TEXT"))

    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.create(connection, "id-1", ())
        assert migrations.climb(connection, [second]) == 2
        assert migrations.climb(connection, [second, third]) == 3
        assert migrations.climb(connection, [second, third]) == 3
        columns = {column["name"] for column in inspect(connection).get_columns("claims")}
        assert columns == {*schema.claims.columns.keys(), "second", "third"}
        assert migrations.version(connection) == 3
    engine.dispose()


def test_a_password_is_never_shown() -> None:
    """A database URL appears in errors without its password, even one that cannot be read."""
    for url in ("postgresql://relance:s3cret@127.0.0.1:1/relance", "postgresql://relance:s3cret@[::1/relance"):
        with pytest.raises(RelanceError) as refused:
            Journal.open(url, "Alpha")
        shown = f"{refused.value!r} {refused.value.facts} {refused.value.source} {refused.value.__cause__}"
        assert "s3cret" not in shown


SECOND = """
    import sys
    from batch.core.problem import RelanceError
    from batch.journal import Journal
    try:
        with Journal.open(sys.argv[1], "Alpha") as journal, getattr(journal, sys.argv[2])():
            print("mine")
    except RelanceError as error:
        print(error.code)
"""


def test_a_second_run_is_refused_while_the_first_holds_the_journal(address: str, journal: Journal) -> None:
    """Another process gets JOURNAL-BUSY at once, also one that sends; after the first, it is free."""
    with journal.exclusive():
        assert run(SECOND, address, "exclusive").stdout == "JOURNAL-BUSY\n"
        assert run(SECOND, address, "sending").stdout == "JOURNAL-BUSY\n"
    assert run(SECOND, address, "exclusive").stdout == "mine\n"


def test_nobody_runs_while_somebody_sends(address: str, journal: Journal) -> None:
    """A plan is not made while its memory is being written."""
    with journal.sending():
        assert run(SECOND, address, "exclusive").stdout == "JOURNAL-BUSY\n"


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_file_is_held_as_a_whole(address: str, journal: Journal) -> None:
    """Other companies of the same file wait, too, and so does a second sender."""
    for first in (journal.exclusive, journal.sending):
        with first():
            for company in ("Alpha", "Beta"):
                with Journal.open(address, company) as other:
                    for second in (other.exclusive, other.sending):
                        with pytest.raises(RelanceError) as refused, second():
                            pass
                        assert refused.value.code == "JOURNAL-BUSY"


@pytest.mark.parametrize("how", ["exclusive", "sending"])
def test_a_killed_run_leaves_the_journal_free(address: str, journal: Journal, how: str) -> None:
    """The lock ends with the process that held it, however it ended; a server notices within moments."""
    killed = run(
        """
        import os, signal, sys
        from batch.journal import Journal
        with Journal.open(sys.argv[1], "Alpha") as journal, getattr(journal, sys.argv[2])():
            os.kill(os.getpid(), signal.SIGKILL)
        """,
        address,
        how,
    )
    assert killed.returncode == -9
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with suppress(RelanceError), journal.exclusive():
            return
        time.sleep(0.05)
    pytest.fail("the journal is still held")


def test_the_column_names_of_the_journals_own_facts_are_plain() -> None:
    """What tells a journal from another database: a table of keys and values."""
    columns: list[Column[str]] = list(schema.facts.columns)
    assert [(column.name, column.nullable) for column in columns] == [("key", False), ("value", False)]
    assert isinstance(schema.facts.c.value.type, Text)


def test_a_journal_of_the_first_version_learns_who_sends(address: str) -> None:
    """A claim that an earlier version left pending is a person's to judge, and new ones know their sender."""
    store = open_store(address)
    with store.writing() as connection:
        migrations.create(connection, "id-1", ())
        connection.execute(text("ALTER TABLE claims DROP COLUMN sender"))
        connection.execute(
            text(
                "INSERT INTO claims (company, message_id, debtor_id, currency, step, recipient, subject, text, at, state,"
                " answer, settled_at) VALUES ('Alpha', '<m1@a.example>', '411D', 'EUR', 'reminder_1', '', '', '',"
                " '2026-11-20T09:30:00', 'pending', '', '')"
            )
        )
    store.close()
    with Journal.open(address, "Alpha") as journal, journal.sending():
        assert [claim.sender for claim in journal.unsettled()] == [""]
        assert journal.mark_uncertain(dt.datetime(2026, 11, 23)) == 1
        assert [claim.message_id for claim in journal.uncertain()] == ["<m1@a.example>"]


def test_a_very_long_item_that_an_older_journal_holds_stays_held(path: Path) -> None:
    """A claim made under a number of 5,000 characters holds the key that the ledger has for it today."""
    number = "FA-" + "0" * 4997
    old = f"411D|invoice|{number}|2026-10-30|1"
    new = f"411D|invoice|{key_parts([number])[0]}|2026-10-30|1"
    store = open_store(str(path))
    with store.writing() as connection:
        migrations.create(connection, "id-1", migrations.MIGRATIONS[:1])
    store.close()
    with sqlite3.connect(path) as file:
        file.execute(
            "INSERT INTO claims (company, message_id, debtor_id, currency, step, recipient, subject, text, at, state, answer,"
            " settled_at, sender) VALUES ('Alpha', '<m@a.example>', '411D', 'EUR', 'reminder_1', '', '', '', '2026-11-20',"
            " 'sent', '', '', '')"
        )
        file.execute(
            "INSERT INTO lines (claim_id, company, item_id, number, step, round, freed)"
            " VALUES (1, 'Alpha', ?, '', 'reminder_1', 1, 0)",
            [old],
        )
    file.close()
    with Journal.open(str(path), "Alpha") as journal:
        assert journal.claimed([new])["item_id"].tolist() == [new]
        assert journal.claimed([old]).empty
