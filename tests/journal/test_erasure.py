"""A customer is forgotten: no name, address or text is left in the database, and what happened still counts."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import psycopg
import pytest

from batch.core.problem import RelanceError
from batch.journal import Journal, Line
from batch.journal.customers import find

AT = dt.datetime(2026, 11, 20, 9, 30)
PERSON = "411ZWICKY"
SECRETS = (
    PERSON, "zwicky@person.example", "Objet-Zwicky", "Texte-fort-personnel", "Note-en-confidence", "FA-ZW-77",
    "250 queued-for-zwicky", "mail-of-zwicky", "neue@zwicky.example", "Klagt-ueber-Zwicky",
)  # fmt: skip
ITEM = f"{PERSON}|invoice|FA-ZW-77|2026-10-30|1"
OTHER = "411OTHER|invoice|FA-1|2026-10-30|1"


def fill(journal: Journal, make_events: Callable[..., pd.DataFrame], *, outcome: str = "sent") -> None:
    """Write about the person all that a journal can hold, and a mail to somebody else."""
    journal.record(make_events(
        {"at": "2026-11-01", "debtor_id": PERSON, "kind": "promised", "number": "FA-ZW-77", "amount": 123456,
         "currency": "EUR", "until": "2026-11-15", "by": "Klagt-ueber-Zwicky", "note": "Note-en-confidence"},
        {"at": "2026-11-02", "debtor_id": PERSON, "kind": "address", "value": "neue@zwicky.example", "by": "review"},
        {"at": "2026-11-03", "debtor_id": PERSON, "kind": "reclassified", "value": "in_difficulty", "by": "review"},
    ))  # fmt: skip
    mails = (
        (PERSON, ITEM, "FA-ZW-77", "<mail-of-zwicky@alpha.example>"),
        ("411OTHER", OTHER, "FA-1", "<m2@alpha.example>"),
    )
    for debtor, item, number, identity in mails:
        claim = journal.claim(
            identity, debtor, "EUR", "reminder_1", [Line(item, number, "reminder_1", 1)],
            recipient="zwicky@person.example" if debtor == PERSON else "o@other.example",
            subject="Objet-Zwicky" if debtor == PERSON else "s", text="Texte-fort-personnel" * 400 if debtor == PERSON else "t",
            at=AT,
        )  # fmt: skip
        assert isinstance(claim, int)
        if outcome != "pending" or debtor != PERSON:
            journal.settle(
                claim,
                outcome if debtor == PERSON else "sent",
                "250 queued-for-zwicky" if debtor == PERSON else "250",
                AT,
            )
    for day in (dt.date(2026, 11, 19), dt.date(2026, 11, 20)):
        journal.snapshot(day, pd.DataFrame({"item_id": [ITEM, OTHER], "open": [100, 200]}))


def test_what_happened_still_counts_and_nobody_is_named(
    journal: Journal, make_events: Callable[..., pd.DataFrame]
) -> None:
    """Days, kinds, steps, rounds, standings and states stay, under one code; the others' mail stays held."""
    fill(journal, make_events)
    before = journal.events()
    with journal.exclusive():
        gone = journal.erase(PERSON)
    assert (gone.events, gone.mails, gone.lines, gone.balances) == (4, 1, 1, 2)
    after = journal.events()
    same = ["at", "kind", "step", "round", "currency", "until"]
    assert after[same].equals(before[same])
    assert after["value"].tolist() == ["", "", "in_difficulty", "", ""]
    assert after["by"].tolist() == ["", "review", "review", "relance", "relance"]
    (code,) = set(after["debtor_id"]) - {"411OTHER"}
    assert journal.customers() == sorted([code, "411OTHER"])
    mail = after[(after["debtor_id"] == code) & (after["kind"] == "sent")]
    assert mail["message_id"].tolist() == [f"<{code}.1@relance.invalid>"]
    assert after.loc[after["debtor_id"] == "411OTHER"].equals(before.loc[before["debtor_id"] == "411OTHER"])
    assert journal.claimed([OTHER])["state"].tolist() == ["sent"]
    assert journal.claimed([ITEM]).empty
    assert set(journal.snapshots()["item_id"]) == {OTHER}


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_no_byte_of_the_person_is_left_in_the_file(
    journal: Journal, path: Path, make_events: Callable[..., pd.DataFrame]
) -> None:
    """Nor in the write-ahead log, with the journal still open; nor of a balance that an earlier day wrote over."""
    fill(journal, make_events)

    def found() -> set[str]:
        kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
        return {word for word in SECRETS if word.encode() in kept}

    assert found() == set(SECRETS)
    with journal.exclusive():
        journal.erase(PERSON)
        assert found() == set()


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
def test_no_row_of_the_person_is_left_on_the_server(
    journal: Journal, address: str, make_events: Callable[..., pd.DataFrame]
) -> None:
    """No column of any table holds a word of what was known."""
    fill(journal, make_events)

    def found() -> set[str]:
        with psycopg.connect(address) as server:
            rows = [
                str(server.execute(f"SELECT * FROM {table}".encode()).fetchall())  # noqa: S608  our own tables
                for table in ("events", "claims", "lines", "snapshots")
            ]
        return {word for word in SECRETS if word in "".join(rows)}

    assert found() == set(SECRETS)
    with journal.exclusive():
        journal.erase(PERSON)
    assert found() == set()


def test_another_company_is_left_alone(
    journal: Journal, address: str, make_events: Callable[..., pd.DataFrame]
) -> None:
    """Two firms share a database and a customer: what one forgets the other keeps."""
    fill(journal, make_events)
    with Journal.open(address, "Beta") as beta:
        fill(beta, make_events)
        before = beta.events()
        with journal.exclusive():
            journal.erase(PERSON)
        assert beta.events().equals(before)
        assert beta.claimed([ITEM])["state"].tolist() == ["sent"]
        assert set(beta.snapshots()["item_id"]) == {ITEM, OTHER}


@pytest.mark.parametrize("outcome", ["pending", "uncertain"])
def test_a_mail_in_doubt_keeps_everything(
    journal: Journal, make_events: Callable[..., pd.DataFrame], outcome: str
) -> None:
    """Who does not know whether a mail left still needs to know whose it was."""
    fill(journal, make_events, outcome=outcome)
    before = journal.events()
    with pytest.raises(RelanceError) as refused, journal.exclusive():
        journal.erase(PERSON)
    assert (refused.value.code, refused.value.facts["keys"]) == ("ERASE-UNSETTLED", ["<mail-of-zwicky@alpha.example>"])
    assert journal.events().equals(before)


def test_erased_twice_nothing_is_left(journal: Journal, make_events: Callable[..., pd.DataFrame]) -> None:
    """The second time there is nothing; the code of the first is another at each erasure."""
    fill(journal, make_events)
    with journal.exclusive():
        assert not journal.erase(PERSON).nothing
        assert journal.erase(PERSON).nothing


def test_a_refused_mail_may_be_erased(journal: Journal, make_events: Callable[..., pd.DataFrame]) -> None:
    """Its lines were freed; two of them under one key stay two."""
    fill(journal, make_events, outcome="refused")
    with journal.exclusive():
        assert journal.erase(PERSON).lines == 1


def test_who_is_meant() -> None:
    """The same text wins; capitals and blanks are passed over where that leaves one; else all are named."""
    assert find(["411D", "411d"], "411d") == "411d"
    assert find(["Durand SARL"], " durand sarl ") == "Durand SARL"
    with pytest.raises(RelanceError) as several:
        find(["411D", "411d"], "411D ")
    assert (several.value.code, several.value.facts["candidates"]) == ("CUSTOMER-AMBIGUOUS", ["411D", "411d"])
    with pytest.raises(RelanceError) as none:
        find(["Durand SARL", "Martin SA"], "durant sarl")
    assert (none.value.code, none.value.facts["near"]) == ("CUSTOMER-UNKNOWN", "Durand SARL")
