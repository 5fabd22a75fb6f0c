"""Mails about to leave → claims: committed before the mail server is spoken to, settled once with what it answered.

A line (company, item, step, round) is held by at most one claim; the database keeps that, not the program.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
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
_CLAIM = insert(schema.claims).returning(schema.claims.c.id, sort_by_parameter_order=True)
# With its numbers asked for, all lines are one statement: psycopg sends several through a pipeline, which complains on the terminal
# when the database refuses one of them.
_LINES = insert(schema.lines).returning(schema.lines.c.id)
_MOVE = (
    update(schema.claims)
    .where(schema.claims.c.id == bindparam("claim"))
    .values(state=bindparam("after"), answer=bindparam("words"), settled_at=bindparam("moment"))
)
# Held until the transaction ends: on a server a person may release a claim while its sender settles it.
_MOVABLE = (
    select(schema.claims.c.id)
    .where(
        schema.claims.c.company == bindparam("whose"),
        schema.claims.c.id.in_(bindparam("claims", expanding=True)),
        schema.claims.c.state.in_(bindparam("before", expanding=True)),
    )
    .order_by(schema.claims.c.id)
    .with_for_update()
)
_FREE = update(schema.lines).where(schema.lines.c.claim_id == bindparam("claim")).values(freed=bindparam("claim"))
_ADVANCED = (
    select(
        schema.lines.c.claim_id,
        schema.lines.c.item_id,
        schema.lines.c.number,
        schema.lines.c.step,
        schema.lines.c.round,
        schema.claims.c.message_id,
        schema.claims.c.debtor_id,
        schema.claims.c.currency,
    )
    .join(schema.claims, schema.lines.c.claim_id == schema.claims.c.id)
    .where(schema.claims.c.id.in_(bindparam("claims", expanding=True)))
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


class Order(NamedTuple):
    """A mail to claim: its lines, and the other columns of its claim."""

    lines: Sequence[Line]
    columns: Mapping[str, str]


class Settlement(NamedTuple):
    """What became of a claim, with the words of the server or of a person."""

    claim_id: int
    outcome: str
    answer: str
    at: dt.datetime


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


def frees(act: Order | Settlement) -> bool:
    """Say whether an act gives lines back.

    Such acts keep to themselves: a transaction that frees some lines and claims others could wait in a circle with another sender's.
    """
    return isinstance(act, Settlement) and act.outcome in _FREEING


def write(connection: Connection, company: str, acts: Sequence[Order | Settlement]) -> Sequence[int]:
    """Settle and claim in one go; return the number of each claim, and for each settlement whether it was the first."""
    settled = iter(settle(connection, company, [act for act in acts if isinstance(act, Settlement)]))
    numbers = iter(insert_claims(connection, company, [act for act in acts if isinstance(act, Order)]))
    return [next(settled if isinstance(act, Settlement) else numbers) for act in acts]


def insert_claims(connection: Connection, company: str, orders: Sequence[Order]) -> Sequence[int]:
    """Insert pending claims and their lines and return their numbers; the database refuses a line that is held.

    Lines of all claims go in by their order, so that two senders of overlapping mails never wait for each other in a circle.
    """
    if not orders:
        return []
    numbers = connection.scalars(
        _CLAIM, [{"company": company, "state": PENDING, **order.columns} for order in orders]
    ).all()
    held = sorted((line, number) for order, number in zip(orders, numbers, strict=True) for line in order.lines)
    connection.execute(_LINES, [{"claim_id": number, "company": company, **line._asdict()} for line, number in held])
    return numbers


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


def settle(connection: Connection, company: str, settlements: Sequence[Settlement]) -> list[bool]:
    """Settle pending claims once, with one event for each of their lines; False for each that was settled before."""
    if not settlements:
        return []
    moved = _move(connection, company, settlements, (PENDING,))
    said = {one.claim_id: one for one in settlements if one.claim_id in moved and one.outcome != LATER}
    events.append_acts(connection, company, _acts(connection, said, {number: _day(said[number].at) for number in said}))
    firsts = {one.claim_id: place for place, one in reversed(list(enumerate(settlements)))}
    return [one.claim_id in moved and firsts[one.claim_id] == place for place, one in enumerate(settlements)]


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
    """Write down whether an uncertain mail had left, or that a refused one may be tried again, in one `released` event.

    Returns its Message-ID.

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
    if not open_ones and not sent and found[0].state == "refused":
        open_ones = list(found[:1])
    state = "sent" if sent else NOT_SENT
    end = [Settlement(one.id, state, why, at) for one in open_ones[:1]]
    if not _move(connection, company, end, (PENDING, "uncertain", "refused")):
        raise RelanceError("JOURNAL-SETTLED", key=key, state=found[0].state)
    claim = open_ones[0]
    said = events.row(
        at=_day(at), debtor_id=claim.debtor_id, kind="released", step=claim.step, message_id=claim.message_id,
        currency=claim.currency, value=state, by=by, note=why,
    )  # fmt: skip
    events.append_acts(connection, company, [(claim.id, said)])
    if sent:
        left = {claim.id: Settlement(claim.id, "sent", why, at)}
        events.append_acts(connection, company, _acts(connection, left, {claim.id: claim.claimed_at[:10]}))
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


def moments(connection: Connection, company: str, since: dt.datetime, *, but: str) -> list[dt.datetime]:
    """Return when the mails that may have left were claimed, from a moment on, without those of one sender."""
    table = schema.claims.c
    day_before = (since - dt.timedelta(days=1)).date().isoformat()  # texts of other zones sort by their own days
    found = connection.scalars(
        select(table.at).where(
            table.company == company,
            table.at >= day_before,
            table.sender != but,
            table.state.not_in([LATER, NOT_SENT]),
        )
    )
    known = (dt.datetime.fromisoformat(at) for at in found)
    placed = (at if at.tzinfo else at.replace(tzinfo=since.tzinfo) for at in known)
    return [at for at in placed if at >= since]


def _move(connection: Connection, company: str, moves: Sequence[Settlement], before: Sequence[str]) -> set[int]:
    """Bring claims to another state, the first move of each, and return those that were in one of the states before."""
    wanted = {one.claim_id: one for one in reversed(moves)}
    if not wanted:
        return set()
    movable = set(connection.scalars(_MOVABLE, {"whose": company, "claims": sorted(wanted), "before": list(before)}))
    made = [wanted[number] for number in sorted(movable)]
    if made:
        connection.execute(
            _MOVE,
            [
                {"claim": one.claim_id, "after": one.outcome, "words": one.answer, "moment": stamp(one.at)}
                for one in made
            ],
        )
    if freed := [{"claim": one.claim_id} for one in made if one.outcome in _FREEING]:
        connection.execute(_FREE, freed)
    return movable


def _acts(
    connection: Connection, said: Mapping[int, Settlement], days: Mapping[int, str]
) -> list[tuple[int, events.Row]]:
    """Return one event for each line of these claims, with its claim's number."""
    found = connection.execute(_ADVANCED, {"claims": sorted(said)}) if said else ()
    return [
        (one.claim_id, events.row(
            at=days[one.claim_id], debtor_id=one.debtor_id, item_id=one.item_id, number=one.number,
            kind=said[one.claim_id].outcome, step=one.step, round=one.round, message_id=one.message_id,
            currency=one.currency, by="relance", note=said[one.claim_id].answer,
        ))
        for one in found
    ]  # fmt: skip


def stamp(at: dt.datetime) -> str:
    """Return a moment as the journal keeps it, to the second, with its offset when it has one."""
    return at.isoformat(timespec="seconds")


def _day(at: dt.datetime) -> str:
    return at.date().isoformat()
