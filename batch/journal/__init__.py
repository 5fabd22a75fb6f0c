"""The only memory: what was claimed, sent, answered and agreed, in one SQLite file or PostgreSQL database.

`Journal` is what the other floors see: each method is one transaction for one company; claims and settlements of sessions that wait
at the same time share one (`together`). `schema` has the tables, `migrations` brings older files to them, `store` opens
and locks the database, `events` and `claims` are what a transaction does, `customers` and `erasure` find and forget a
person, `remembered` says which mails left, `exchange` reads and writes the events file.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

import pandas as pd
from sqlalchemy import Connection, delete, exc, func, insert, select

from batch.core.problem import Problem, RelanceError, Source
from batch.core.tables import SNAPSHOTS
from batch.journal import claims, customers, erasure, events, migrations, remembered, schema
from batch.journal.claims import CLAIMED, OUTCOMES, AlreadyClaimed, Claim, Line, Settlement
from batch.journal.erasure import Held
from batch.journal.health import Health, health
from batch.journal.other_name import other_name
from batch.journal.store import Store, open_store, use_write_ahead_log
from batch.journal.together import Together

SECONDS_BETWEEN_TRIES = (0.0, 1.0, 4.0)  # a server is back a few seconds after it was told to start anew

__all__ = ["CLAIMED", "AlreadyClaimed", "Claim", "Held", "Journal", "Line", "Settlement"]


def _new_id() -> str:
    return str(uuid.uuid4())


class Journal:
    """The memory of one company; a journal file may hold several companies, which never see each other."""

    def __init__(self, store: Store, company: str, journal_id: str) -> None:
        """Take an open store whose schema is of today; `Journal.open` is the way to get one."""
        self._store = store
        self.company = company
        self.id = journal_id
        self.place = store.place
        self._purpose = f"{journal_id} {company}"
        self._sender = _new_id()
        self._together = Together(self._write, claims.frees)

    @classmethod
    def open(cls, url: str, company: str, new_id: Callable[[], str] = _new_id, *, create: bool = True) -> Self:
        """Open the journal that a URL (sqlite:///…, postgresql://…) or a plain path names; make it when there is none.

        With `create` False a journal that is not there is refused: JOURNAL-MISSING.

        Raises RelanceError JOURNAL-UNREADABLE (no database, or one that is no journal), JOURNAL-NEWER (written by a
        later version), JOURNAL-FOLDER (missing or not writable), JOURNAL-URL, JOURNAL-DRIVER, JOURNAL-FAILED.
        """
        store = open_store(url, create=create)
        try:
            journal_id = _open_schema(store, new_id if create else None)
        except BaseException:
            store.close()
            raise
        return cls(store, company, journal_id)

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    def __enter__(self) -> Self:
        """Return the journal itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.close()

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the journal for one run: a SQLite file as a whole, on a server the company's part.

        Raises RelanceError JOURNAL-BUSY when another run holds it.
        """
        return self._store.exclusive(self._purpose)

    def sending(self) -> AbstractContextManager[None]:
        """Hold the journal for one sender: a SQLite file as `exclusive` does, on a server beside other senders.

        Senders share one queue: which of them claims a line first sends it. Raises RelanceError JOURNAL-BUSY.
        """
        return self._store.exclusive(self._purpose, shared_as=self._sender)

    def position(self) -> int:
        """Return the highest sequence number among the company's events, 0 when there are none."""
        with self._store.reading() as connection:
            return events.position(connection, self.company)

    def is_empty(self) -> bool:
        """Say whether the journal holds neither event nor claim of the company."""
        with self._store.reading() as connection:
            claim = select(schema.claims.c.id).where(schema.claims.c.company == self.company).limit(1)
            return not events.position(connection, self.company) and connection.scalar(claim) is None

    def events(self, upto: int | None = None) -> pd.DataFrame:
        """Return the company's events (EVENTS) in the order they were written, up to a sequence number."""
        with self._store.reading() as connection:
            return events.read(connection, self.company, upto)

    def record(self, new: pd.DataFrame) -> int:
        """Append EVENTS rows that the journal does not hold yet and return their number; a row equal in all columns is held."""
        rows = events.rows(new)
        with self._store.writing(turn=f"record {self._purpose}") as connection:
            return events.append(connection, self.company, rows)

    def lacks(self, new: pd.DataFrame) -> pd.Series:
        """Tell of each EVENTS row whether the journal does not hold it yet; of rows alike only the first is new."""
        with self._store.reading() as connection:
            return events.lacks(connection, self.company, new)

    def session(self) -> AbstractContextManager[None]:
        """Count as one of several who claim and settle one mail after the other: they wait a moment for each other."""
        return self._together.session()

    def claim(
        self, message_id: str, debtor_id: str, currency: str, step: str, lines: Sequence[Line], *,
        recipient: str, subject: str, text: str, at: dt.datetime, before: Settlement | None = None,
    ) -> int | AlreadyClaimed:  # fmt: skip
        """Claim a mail and the lines that advance by it, on disk before this returns; or say which claim holds a line.

        Returns the claim's number. Nothing is claimed when a line is held. `before` is settled in the same transaction, and also
        when nothing is claimed. Raises ValueError for no line or the same line twice, and for a settlement that gives lines back.
        """
        if before and claims.frees(before):
            raise ValueError("what gives lines back is settled by itself")
        if not lines or len({(line.item_id, line.step, line.round) for line in lines}) < len(lines):
            raise ValueError("a claim has at least one line and none twice")
        columns = {
            "message_id": message_id, "debtor_id": debtor_id, "currency": currency, "step": step,
            "recipient": recipient, "subject": subject, "text": text, "at": claims.stamp(at), "sender": self._sender,
        }  # fmt: skip
        acts: list[claims.Order | Settlement] = [claims.Order(lines, columns)]
        if before:
            acts.insert(0, before)
        while True:
            try:
                return self._together.do(*acts)
            except exc.IntegrityError:
                acts = acts[-1:]
                with self._store.reading() as connection:
                    held = claims.holder(connection, self.company, lines)
                if held is not None:  # else it was freed in between
                    return held

    def settle(self, claim_id: int, outcome: str, answer: str, at: dt.datetime) -> bool:
        """Settle a pending claim with the server's answer and write one event for each of its lines.

        `outcome` is sent, refused or uncertain. A refused claim frees its lines, so that a corrected address can be
        tried. False: it was settled before, and nothing was written.
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"no outcome of a claim: {outcome}")
        return bool(self._together.do(claims.Settlement(claim_id, outcome, answer, at)))

    def end(self, settlement: Settlement) -> bool:
        """Settle, or withdraw, as the settlement's outcome says; a server that was started anew meanwhile is waited for."""
        for seconds in SECONDS_BETWEEN_TRIES:
            try:
                return self._end(settlement)
            except RelanceError as error:
                if error.code != "JOURNAL-FAILED" or not self._store.on_server:
                    raise
            time.sleep(seconds)
        return self._end(settlement)

    def _end(self, settlement: Settlement) -> bool:
        if settlement.outcome == claims.LATER:
            return self.withdraw(settlement.claim_id, settlement.answer, settlement.at)
        return self.settle(*settlement)

    def withdraw(self, claim_id: int, answer: str, at: dt.datetime) -> bool:
        """Take back a pending claim whose mail certainly did not leave and may leave later: lines freed, no event."""
        return bool(self._together.do(claims.Settlement(claim_id, claims.LATER, answer, at)))

    def _write(self, acts: Sequence[claims.Order | claims.Settlement]) -> Sequence[int]:
        with self._store.writing() as connection:
            return claims.write(connection, self.company, acts)

    def unsettled(self) -> list[Claim]:
        """Return the claims that a crash left pending: nobody knows whether their mails left."""
        with self._store.reading() as connection:
            return claims.with_state(connection, self.company, claims.PENDING)

    def uncertain(self) -> list[Claim]:
        """Return the claims that wait for a person to say whether their mails left."""
        with self._store.reading() as connection:
            return claims.with_state(connection, self.company, "uncertain")

    def mark_uncertain(self, at: dt.datetime, answer: str = "") -> int:
        """Settle every pending claim whose sender is gone as uncertain and return how many.

        Call it only while holding `exclusive` or `sending`.
        """
        with self._store.writing() as connection:
            left = [claims.Settlement(claim.id, "uncertain", answer, at) for claim in self._orphaned(connection)]
            return sum(claims.settle(connection, self.company, left))

    def orphaned(self) -> list[Claim]:
        """Return the pending claims whose sender is gone: what `mark_uncertain` would settle, with nothing written."""
        with self._store.reading() as connection:
            return self._orphaned(connection)

    def _orphaned(self, connection: Connection) -> list[Claim]:
        pending = claims.with_state(connection, self.company, claims.PENDING)
        gone = {name for name in {claim.sender for claim in pending} if not self._store.is_alive(connection, name)}
        return [claim for claim in pending if claim.sender in gone]

    def release(self, key: str, *, sent: bool, why: str, at: dt.datetime, by: str = "") -> str:
        """Write down what a person found out about an uncertain mail, or that a refused one may be tried again.

        Returns its Message-ID.

        `key` is the Message-ID or the claim's number. One `released` event (value "sent" or "not_sent"); had it left,
        then a `sent` event for each line on the day it was claimed; if not, the lines may be claimed again. Raises
        RelanceError JOURNAL-NO-CLAIM or JOURNAL-SETTLED.
        """
        with self._store.writing() as connection:
            return claims.release(connection, self.company, key, sent=sent, why=why, at=at, by=by)

    def claimed(self, item_ids: Iterable[str]) -> pd.DataFrame:
        """Return the lines of these items that a claim holds (CLAIMED): pending, sent or uncertain."""
        with self._store.reading() as connection:
            return claims.claimed(connection, self.company, item_ids)

    def mails_left(self) -> dict[str, int]:
        """Return how often each mail left, or may have left, by Message-ID."""
        with self._store.reading() as connection:
            return remembered.left(connection, self.company)

    def other_name(self, item_ids: Iterable[str]) -> tuple[Problem, ...]:
        """Return as one problem that mails asked for these items under another company's name, and nothing left under this one."""
        with self._store.reading() as connection:
            return other_name(connection, self.company, self.place, item_ids)

    def claimed_by_others(self, since: dt.datetime) -> list[dt.datetime]:
        """Return when mails that may have left were claimed by other senders and in earlier calls, from a moment on."""
        with self._store.reading() as connection:
            return claims.moments(connection, self.company, since, but=self._sender)

    def snapshot(self, as_of: dt.date, items: pd.DataFrame) -> int:
        """Remember what was open (columns item_id, open) at the end of a day, in place of an earlier answer for that day."""
        day = as_of.isoformat()[:10]
        pairs = zip(items["item_id"].tolist(), items["open"].tolist(), strict=True)
        rows = [{"company": self.company, "as_of": day, "item_id": item, "open": amount} for item, amount in pairs]
        table = schema.snapshots.c
        with self._store.writing(turn=f"snapshot {self._purpose}") as connection:
            connection.execute(delete(schema.snapshots).where(table.company == self.company, table.as_of == day))
            if rows:
                connection.execute(insert(schema.snapshots), rows)
        return len(rows)

    def snapshots(self, last_before: dt.date | None = None) -> pd.DataFrame:
        """Return what was open on the days that were remembered (SNAPSHOTS), oldest day first.

        With `last_before`, of the last of these days before that one only.
        """
        table = schema.snapshots.c
        wanted = select(table.item_id, table.as_of, table.open).where(table.company == self.company)
        if last_before is not None:
            earlier = (table.company == self.company) & (table.as_of < last_before.isoformat()[:10])
            wanted = wanted.where(table.as_of == select(func.max(table.as_of)).where(earlier).scalar_subquery())
        with self._store.reading() as connection:
            found = connection.execute(wanted.order_by(table.as_of, table.item_id)).fetchall()
        if not found:
            return SNAPSHOTS.empty()
        item_ids, as_of, still_open = zip(*found, strict=True)
        return SNAPSHOTS.conform(
            pd.DataFrame({"item_id": list(item_ids), "as_of": events.days(as_of), "open": list(still_open)})
        )

    def seen_after(self, day: dt.date, item_ids: Iterable[str]) -> dt.date | None:
        """Return the latest later day on which one of these items was remembered; None when there is none."""
        table = schema.snapshots.c
        with self._store.reading() as connection:
            later = connection.execute(
                select(table.as_of, table.item_id).where(table.company == self.company, table.as_of > day.isoformat())
            ).fetchall()
        ours = set(item_ids) if later else set()
        return max((dt.date.fromisoformat(as_of[:10]) for as_of, item in later if item in ours), default=None)

    def customers(self) -> list[str]:
        """Return every customer of whom the journal holds anything, in order."""
        with self._store.reading() as connection:
            return customers.known(connection, self.company)

    def health(self) -> Health:
        """Look the whole journal through."""
        with self._store.reading() as connection:
            return health(connection, self.company)

    def held(self, debtor_id: str) -> Held:
        """Count what the journal holds of a customer."""
        with self._store.reading() as connection:
            return erasure.held(connection, self.company, debtor_id)

    def erase(self, debtor_id: str) -> Held:
        """Take the person out of a customer's rows, which go on counting, and return what they were.

        Call it only while holding `exclusive`. Raises RelanceError ERASE-UNSETTLED, with nothing erased, while the fate of a
        mail is open, and ERASE-BYTES-LEFT, with the rows erased, when the file could not be written anew.
        """
        with self._store.writing(turn=f"erase {self._purpose}") as connection:
            erased = erasure.erase(connection, self.company, debtor_id)
        erasure.scrub(self._store)
        return erased


# How SQLite says that a file is no database, or one that is damaged; anything else, such as a full disk, is not the file's fault.
_NO_DATABASE = ("not a database", "malformed", "file format")


def _open_schema(store: Store, new_id: Callable[[], str] | None) -> str:
    try:
        with store.reading() as connection:
            blank, ours = migrations.is_blank(connection), migrations.is_journal(connection)
    except RelanceError as error:
        if store.path is None or not any(words in str(error.facts.get("reason")) for words in _NO_DATABASE):
            raise
        raise RelanceError("JOURNAL-UNREADABLE", Source(file=store.place), journal=store.place) from error
    if not blank and not ours:
        raise RelanceError("JOURNAL-UNREADABLE", Source(file=store.place), journal=store.place)
    if blank and new_id is None:
        raise RelanceError("JOURNAL-MISSING", Source(file=store.place), journal=store.place)
    use_write_ahead_log(store)
    with store.writing(turn="schema") as connection:
        # Looked at again inside the transaction: another process may have made it in between.
        if new_id is not None and migrations.is_blank(connection):
            migrations.create(connection, new_id())
        found, known = migrations.version(connection), migrations.known_version()
        if found > known:
            raise RelanceError("JOURNAL-NEWER", Source(file=store.place), journal=store.place, found=found, known=known)
        migrations.climb(connection)
        return migrations.journal_id(connection)
