"""One customer → a journal that no longer says who it was: rows stay and count, under an id that leads back to nobody.

What stays: that on such a day such a step was sent, refused, promised …, in what state a mail ended. What goes: names, numbers,
addresses, subjects, texts, notes, amounts, answers of servers, Message-IDs, and the balances that were remembered.
"""

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    exc,
    func,
    select,
    update,
)

from batch.core.codes import STANDINGS
from batch.core.item_key import key_parts
from batch.core.problem import RelanceError, Source
from batch.journal import schema
from batch.journal.customers import owner
from batch.journal.store import Store

OPEN_STATES = ("pending", "uncertain")
_PLACE = "relance.invalid"  # reserved by RFC 2606
# What a program wrote as `by` and `value` speaks of no person.
_WRITERS = frozenset({"relance", "import", "review", "ledger"})
_VALUES = frozenset({*STANDINGS, "sent", "not_sent"})


@dataclass(frozen=True)
class Held:
    """What the journal holds of a customer: rows of each kind, and the mails of which nobody knows whether they left."""

    debtor_id: str
    events: int
    mails: int
    lines: int
    balances: int
    open_mails: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Say whether there is nothing at all."""
        return not (self.events or self.mails or self.lines or self.balances)


def held(connection: Connection, company: str, debtor_id: str) -> Held:
    """Count what the journal holds of a customer."""
    mails = connection.execute(
        select(schema.claims.c.message_id, schema.claims.c.state).where(_whose(schema.claims, company, debtor_id))
    ).all()
    lines = select(func.count()).select_from(schema.lines.join(schema.claims))
    return Held(
        debtor_id,
        events=_count(connection, schema.events, company, debtor_id),
        mails=len(mails),
        lines=connection.scalar(lines.where(_whose(schema.claims, company, debtor_id))) or 0,
        balances=len(_balances(connection, company, debtor_id)),
        open_mails=tuple(mail.message_id for mail in mails if mail.state in OPEN_STATES),
    )


def erase(connection: Connection, company: str, debtor_id: str) -> Held:
    """Take the person out of the customer's rows and return what they were; raises RelanceError ERASE-UNSETTLED."""
    found = held(connection, company, debtor_id)
    if found.open_mails:
        raise RelanceError("ERASE-UNSETTLED", customer=debtor_id, keys=list(found.open_mails))
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is overwritten becomes zeros
    stranger = f"erased-{secrets.token_hex(6)}"  # by chance: a digest of a customer's number can be tried out
    lines = _read(connection, schema.lines, schema.lines.c.claim_id.in_(_claim_ids(company, debtor_id)))
    claims = _read(connection, schema.claims, _whose(schema.claims, company, debtor_id))
    events = _read(connection, schema.events, _whose(schema.events, company, debtor_id))
    items = _renamed([row["item_id"] for row in (*lines, *events)], stranger, "|{}")
    mails = _renamed([row["message_id"] for row in (*claims, *events)], stranger, ".{}", f"@{_PLACE}")
    _write(
        connection, schema.lines, [{"id": row["id"], "item_id": items[row["item_id"]], "number": ""} for row in lines]
    )
    blank = dict.fromkeys(("recipient", "subject", "text", "answer"), "") | {"debtor_id": stranger}
    _write(
        connection, schema.claims, [blank | {"id": row["id"], "message_id": mails[row["message_id"]]} for row in claims]
    )
    _write(connection, schema.events, [_event(row, stranger, items, mails) for row in events])
    for as_of, item_id in _balances(connection, company, debtor_id):
        table = schema.snapshots.c
        connection.execute(
            delete(schema.snapshots).where(table.company == company, table.as_of == as_of, table.item_id == item_id)
        )
    return found


def scrub(store: Store) -> None:
    """Make the database give up the bytes of what was erased; raises RelanceError ERASE-BYTES-LEFT.

    A SQLite file is written anew and its log emptied. A server frees the old rows; its log and its backups are its keeper's.
    """
    try:
        if store.on_server:
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in schema.METADATA.sorted_tables:
                    connection.exec_driver_sql(f"VACUUM {table.name}")
            return
        with store.engine.connect() as connection:
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            waiting, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() or (1,)
    except (exc.DBAPIError, sqlite3.Error) as error:
        raise _bytes_left(store) from error
    if waiting:
        raise _bytes_left(store)


def _bytes_left(store: Store) -> RelanceError:
    return RelanceError("ERASE-BYTES-LEFT", Source(file=store.place), journal=store.place)


def _event(
    row: Mapping[str, object], stranger: str, items: Mapping[object, str], mails: Mapping[object, str]
) -> dict[str, object]:
    return {
        "id": row["sequence"], "debtor_id": stranger, "item_id": items[row["item_id"]], "number": "", "note": "",
        "message_id": mails[row["message_id"]], "amount": 0, "meaning": "",
        "by": row["by"] if row["by"] in _WRITERS else "", "value": row["value"] if row["value"] in _VALUES else "",
        "fingerprint": secrets.token_hex(32),
    }  # fmt: skip


def _whose(table: Table, company: str, debtor_id: str) -> ColumnElement[bool]:
    return (table.c.company == company) & (table.c.debtor_id == debtor_id)


def _claim_ids(company: str, debtor_id: str) -> Select[tuple[int]]:
    return select(schema.claims.c.id).where(_whose(schema.claims, company, debtor_id))


def _count(connection: Connection, table: Table, company: str, debtor_id: str) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(_whose(table, company, debtor_id))) or 0


def _balances(connection: Connection, company: str, debtor_id: str) -> list[tuple[str, str]]:
    table = schema.snapshots.c
    (owned,) = key_parts([debtor_id])
    begins = table.item_id.startswith(f"{owned}|", autoescape=True)
    rows = connection.execute(select(table.as_of, table.item_id).where(table.company == company, begins))
    return [(row.as_of, row.item_id) for row in rows if owner(row.item_id) == owned]


def _read(connection: Connection, table: Table, wanted: ColumnElement[bool]) -> list[Mapping[str, object]]:
    return [dict(row) for row in connection.execute(select(table).where(wanted)).mappings()]


def _renamed(names: list[object], stranger: str, shape: str, end: str = "") -> dict[object, str]:
    """Return a new name for each name, the same for the same; none for none."""
    known = [name for name in dict.fromkeys(names) if name]
    marks = {name: f"{stranger}{shape.format(number)}{end}" for number, name in enumerate(known, start=1)}
    if end:
        marks = {name: f"<{mark}>" for name, mark in marks.items()}
    return marks | {"": ""}


def _write(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    (key,) = table.primary_key.columns
    changed: dict[str, BindParameter[str]] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    connection.execute(
        update(table).where(key == bindparam("which")).values(changed),
        [{"which": row["id"], **{f"new_{name}": row[name] for name in changed}} for row in rows],
    )
