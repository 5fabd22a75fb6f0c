"""EVENTS frames → rows of the journal and back: append-only, each row once, in the order they were written."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Insert, bindparam, func, insert, select
from sqlalchemy.dialects import sqlite

from batch.core.codes import KINDS_OF_EVENT
from batch.core.tables import DAY, EVENTS
from batch.journal import schema

COLUMNS = tuple(EVENTS.columns)
_DAYS = tuple(name for name, dtype in EVENTS.columns.items() if dtype == DAY)
_BLANK: dict[str, str | int] = {name: 0 if dtype == "int64" else "" for name, dtype in EVENTS.columns.items()}

# Made once: making a statement costs more than running it.
_EVENT = insert(schema.events)
_HELD = select(schema.events.c.fingerprint).where(schema.events.c.fingerprint.in_(bindparam("marks", expanding=True)))
# SQLite takes no more than a thousand values in one question, in its older versions.
_ASKED_AT_ONCE = 500

Row = dict[str, str | int]


def fingerprint(company: str, row: Mapping[str, str | int]) -> str:
    """Return what makes a row the same as another: SHA-256 of the company and every column."""
    text = json.dumps([company, *(row[name] for name in COLUMNS)])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def row(**columns: str | int) -> Row:
    """Return one event row: the columns given, the others unknown."""
    return _BLANK | columns


def rows(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of an EVENTS frame as the journal keeps them.

    Raises ValueError for a frame of another form, an unknown kind or a missing date: an event is for ever.
    """
    typed = EVENTS.conform(frame)
    if foreign := set(typed["kind"].unique()) - set(KINDS_OF_EVENT):
        raise ValueError(f"unknown kinds of event {sorted(foreign)}")
    if typed["at"].isna().any():
        raise ValueError("an event without a date")
    columns = [_days(typed[name]) if name in _DAYS else typed[name].tolist() for name in COLUMNS]
    return [dict(zip(COLUMNS, values, strict=True)) for values in zip(*columns, strict=True)]


def append(connection: Connection, company: str, new: Sequence[Row]) -> int:
    """Append the rows that the journal does not hold yet and return how many they were."""
    if not new:
        return 0
    # Counted by what the database returns: another sender's events may come in between.
    added = connection.execute(
        _insert_once(connection).returning(schema.events.c.sequence),
        [{**each, "company": company, "fingerprint": fingerprint(company, each)} for each in new],
    )
    return len(added.all())


def lacks(connection: Connection, company: str, new: pd.DataFrame) -> pd.Series:
    """Tell of each row of an EVENTS frame whether the journal does not hold it yet; of rows alike only the first is new."""
    marks = [fingerprint(company, each) for each in rows(new)]
    held = _held(connection, marks)
    wanted = pd.Series(marks, dtype="str")
    return (~(wanted.isin(held) | wanted.duplicated())).set_axis(new.index)


def append_acts(connection: Connection, company: str, acts: Sequence[tuple[int, Row]]) -> None:
    """Append what became of claims, each with its claim's number.

    Also when an earlier claim of the same lines ended on the same day in the same words.
    """
    marks = [fingerprint(company, act) for _, act in acts]
    held = _held(connection, marks)
    new = []
    for (claim_id, act), mark in zip(acts, marks, strict=True):
        own = hashlib.sha256(f"{mark} {claim_id}".encode("ascii")).hexdigest() if mark in held else mark
        held.add(own)
        new.append({**act, "company": company, "fingerprint": own})
    if new:
        connection.execute(_EVENT, new)


def _held(connection: Connection, marks: Sequence[str]) -> set[str]:
    """Return which of these fingerprints the journal holds."""
    held: set[str] = set()
    for first in range(0, len(marks), _ASKED_AT_ONCE):
        held.update(connection.scalars(_HELD, {"marks": marks[first : first + _ASKED_AT_ONCE]}))
    return held


def position(connection: Connection, company: str) -> int:
    """Return the highest sequence number of the company's events, 0 when there are none."""
    highest = select(func.max(schema.events.c.sequence)).where(schema.events.c.company == company)
    return connection.scalar(highest) or 0


def read(connection: Connection, company: str, upto: int | None = None) -> pd.DataFrame:
    """Return the company's events as an EVENTS frame in the order they were written, up to a sequence number."""
    wanted = (
        select(*(schema.events.c[name] for name in COLUMNS))
        .where(schema.events.c.company == company)
        .order_by(schema.events.c.sequence)
    )
    if upto is not None:
        wanted = wanted.where(schema.events.c.sequence <= upto)
    found = connection.execute(wanted).fetchall()
    if not found:
        return EVENTS.empty()
    columns = dict(zip(COLUMNS, zip(*found, strict=True), strict=True))
    return EVENTS.conform(
        pd.DataFrame({name: days(values) if name in _DAYS else list(values) for name, values in columns.items()})
    )


def days(texts: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Return ISO days ("" = none) as dates."""
    return np.array([text[:10] or "NaT" for text in texts], dtype="datetime64[s]")


def _days(dates: pd.Series) -> list[str]:
    texts: list[str] = np.datetime_as_string(dates.to_numpy().astype("datetime64[D]")).tolist()
    return ["" if text == "NaT" else text for text in texts]


def _insert_once(connection: Connection) -> Insert:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  a tenth of a second that SQLite does not need

        return postgresql.insert(schema.events).on_conflict_do_nothing()
    return sqlite.insert(schema.events).on_conflict_do_nothing()
