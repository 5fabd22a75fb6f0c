"""Mails about to leave → claims: committed before the mail server is spoken to, settled once with what it answered.

A line (company, item, step, round) is held by at most one claim; the database keeps that, not the program.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, bindparam, insert, or_, select, tuple_, update

from batch.core.problem import RelanceError
from batch.core.tables import COUNT, DAY, TEXT, Table
from batch.journal import events, schema

OUTCOMES = ("sent", "refused", "uncertain")
PENDING, LATER, NOT_SENT = "pending", "later", "not_sent"
_FREEING = frozenset({"refused", LATER, NOT_SENT})
_CLAIM_NUMBER = re.compile(r"[0-9]{1,18}")
_CHUNK = 5000  # SQLite takes at most 32,766 values in one statement

# Made once: making a statement costs more than running it.
_CLAIM = insert(schema.claims).returning(schema.claims.c.id)
_LINES = insert(schema.lines)
_MOVE = (
    update(schema.claims)
    .where(
        schema.claims.c.id == bindparam("claim"),
        schema.claims.c.company == bindparam("whose"),
        schema.claims.c.state.in_(bindparam("before", expanding=True)),
    )
    .values(state=bindparam("after"), answer=bindparam("words"), settled_at=bindparam("moment"))
)
_FREE = update(schema.lines).where(schema.lines.c.claim_id == bindparam("claim")).values(freed=bindparam("claim"))
_ADVANCED = (
    select(
        schema.lines.c.item_id,
        schema.lines.c.number,
        schema.lines.c.step,
        schema.lines.c.round,
        schema.claims.c.message_id,
        schema.claims.c.debtor_id,
        schema.claims.c.currency,
    )
    .join(schema.claims, schema.lines.c.claim_id == schema.claims.c.id)
    .where(schema.claims.c.id == bindparam("claim"))
    .order_by(schema.lines.c.id)
)

CLAIMED = Table("claimed", {
    "item_id": TEXT,
    "step": TEXT,
    "round": COUNT,
    "message_id": TEXT,
    "at": DAY,                # the day the line was claimed
    "state": TEXT,            # pending, sent, uncertain
})  # fmt: skip


class Line(NamedTuple):
    """One item that advances by a mail: its own step, which may be softer than the mail's, and its round."""

    item_id: str
    number: str
    step: str
    round: int


class AlreadyClaimed(NamedTuple):
    """The claim that holds a line already."""

    message_id: str
    at: dt.datetime
    state: str


@dataclass(frozen=True)
class Claim:
    """A mail that was claimed, without its text; `at` is when it was claimed."""

    id: int
    message_id: str
    debtor_id: str
    currency: str
    step: str
    recipient: str
    subject: str
    at: dt.datetime
    state: str
    sender: str


def insert_claim(connection: Connection, company: str, lines: Sequence[Line], **columns: str) -> int:
    """Insert a pending claim and its lines and return its number; the database refuses a line that is held.

    Lines go in by their order, so that two senders of overlapping mails never wait for each other in a circle.
    """
    claim_id: int = connection.execute(_CLAIM, {"company": company, "state": PENDING, **columns}).scalar_one()
    connection.execute(_LINES, [{"claim_id": claim_id, "company": company, **line._asdict()} for line in sorted(lines)])
    return claim_id


def holder(connection: Connection, company: str, lines: Sequence[Line]) -> AlreadyClaimed | None:
    """Return the oldest claim that holds one of the lines."""
    table = schema.lines.c
    found = connection.execute(
        select(schema.claims.c.message_id, schema.claims.c.at, schema.claims.c.state)
        .join(schema.lines, table.claim_id == schema.claims.c.id)
        .where(table.company == company, table.freed == 0)
        .where(
            tuple_(table.item_id, table.step, table.round).in_([(one.item_id, one.step, one.round) for one in lines])
        )
        .order_by(schema.claims.c.id)
        .limit(1)
    ).first()
    return AlreadyClaimed(found.message_id, dt.datetime.fromisoformat(found.at), found.state) if found else None


def settle(connection: Connection, company: str, claim_id: int, *, outcome: str, answer: str, at: dt.datetime) -> bool:
    """Settle a pending claim once, with one event for each line; False when it was settled before."""
    if not _move(connection, company, claim_id, (PENDING,), state=outcome, answer=answer, at=at):
        return False
    if outcome != LATER:
        events.append_act(connection, company, claim_id, _acts(connection, claim_id, outcome, answer, _day(at)))
    return True


def with_state(connection: Connection, company: str, state: str) -> list[Claim]:
    """Return the company's claims in a state, oldest first."""
    table = schema.claims.c
    found = connection.execute(
        select(*(table[name] for name in Claim.__dataclass_fields__))
        .where(table.company == company, table.state == state)
        .order_by(table.id)
    )
    return [Claim(**{**one._mapping, "at": dt.datetime.fromisoformat(one.at)}) for one in found]  # noqa: SLF001  SQLAlchemy's documented name


def release(connection: Connection, company: str, key: str, *, sent: bool, why: str, at: dt.datetime, by: str) -> str:
    """Write down whether an uncertain mail had left, in one `released` event, and return its Message-ID.

    `key` is the mail's Message-ID, with or without its angle brackets, or the claim's number. When it had left, each
    line also gets its `sent` event on the day it was claimed; when not, its lines may be claimed again.
    Raises RelanceError JOURNAL-NO-CLAIM for an unknown key and JOURNAL-SETTLED when the outcome is known already.
    """
    table = schema.claims.c
    named: ColumnElement[bool] = table.message_id.in_([key, f"<{key}>"])
    if _CLAIM_NUMBER.fullmatch(key):
        named = or_(named, table.id == int(key))
    found = connection.execute(
        select(
            table.id,
            table.message_id,
            table.debtor_id,
            table.currency,
            table.step,
            table.at.label("claimed_at"),
            table.state,
        )
        .where(table.company == company, named)
        .order_by(table.id.desc())
    ).all()
    if not found:
        raise RelanceError("JOURNAL-NO-CLAIM", key=key)
    open_ones = [one for one in found if one.state in {PENDING, "uncertain"}]
    state = "sent" if sent else NOT_SENT
    if not open_ones or not _move(
        connection, company, open_ones[0].id, (PENDING, "uncertain"), state=state, answer=why, at=at
    ):
        raise RelanceError("JOURNAL-SETTLED", key=key, state=found[0].state)
    claim = open_ones[0]
    said = events.row(
        at=_day(at), debtor_id=claim.debtor_id, kind="released", step=claim.step, message_id=claim.message_id,
        currency=claim.currency, value=state, by=by, note=why,
    )  # fmt: skip
    events.append_act(connection, company, claim.id, [said])
    if sent:
        events.append_act(
            connection, company, claim.id, _acts(connection, claim.id, "sent", why, claim.claimed_at[:10])
        )
    return str(claim.message_id)


def claimed(connection: Connection, company: str, item_ids: Iterable[str]) -> pd.DataFrame:
    """Return the lines of these items that a claim holds: CLAIMED, oldest first."""
    wanted = list(dict.fromkeys(item_ids))
    lines, mails = schema.lines.c, schema.claims.c
    query = (
        select(lines.item_id, lines.step, lines.round, mails.message_id, mails.at, mails.state)
        .join(schema.claims, lines.claim_id == mails.id)
        .where(lines.company == company, lines.freed == 0)
        .order_by(lines.id)
    )
    found = [
        tuple(one)
        for start in range(0, len(wanted), _CHUNK)
        for one in connection.execute(query.where(lines.item_id.in_(wanted[start : start + _CHUNK])))
    ]
    if not found:
        return CLAIMED.empty()
    columns = dict(zip(CLAIMED.columns, zip(*found, strict=True), strict=True))
    return CLAIMED.conform(
        pd.DataFrame({name: events.days(texts) if name == "at" else list(texts) for name, texts in columns.items()})
    )


def _move(
    connection: Connection,
    company: str,
    claim_id: int,
    before: Sequence[str],
    *,
    state: str,
    answer: str,
    at: dt.datetime,
) -> bool:
    known = {"claim": claim_id, "whose": company, "before": list(before)}
    moved = connection.execute(_MOVE, {**known, "after": state, "words": answer, "moment": stamp(at)})
    if moved.rowcount != 1:
        return False
    if state in _FREEING:
        connection.execute(_FREE, {"claim": claim_id})
    return True


def _acts(connection: Connection, claim_id: int, kind: str, answer: str, day: str) -> list[events.Row]:
    found = connection.execute(_ADVANCED, {"claim": claim_id})
    return [
        events.row(
            at=day, debtor_id=one.debtor_id, item_id=one.item_id, number=one.number, kind=kind, step=one.step,
            round=one.round, message_id=one.message_id, currency=one.currency, by="relance", note=answer,
        )
        for one in found
    ]  # fmt: skip


def stamp(at: dt.datetime) -> str:
    """Return a moment as the journal keeps it, to the second, with its offset when it has one."""
    return at.isoformat(timespec="seconds")


def _day(at: dt.datetime) -> str:
    return at.date().isoformat()
