"""The journal's tables as SQLAlchemy knows them, the same on SQLite and PostgreSQL; `migrations` brings older files here.

Days and times are ISO 8601 texts ("" = none), money is in minor units, texts are never missing. Every row but the
journal's own facts belongs to one company.
"""

import re
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

METADATA = MetaData()

_UNKEPT = re.compile("[\0\ud800-\udfff]")


class Words(TypeDecorator[str]):
    """A text that either database keeps alike, in the order of its code points whatever the server's language.

    PostgreSQL holds no null character, and neither holds half a character: such a place becomes U+FFFD, in what is
    written and in what is asked for.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the database's own type."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  the library's own signature
        """Return the text as it can be kept."""
        return value if value is None or not _UNKEPT.search(value) else _UNKEPT.sub("\ufffd", value)


# SQLite numbers rows by itself only in a column declared INTEGER.
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str) -> Column[str]:
    return Column(name, Words, nullable=False, default="")


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, default=0)


# What the journal is: its id, and the version of its schema.
facts = Table(
    "journal",
    METADATA,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

# core.tables.EVENTS, append-only; `fingerprint` makes a second import of the same row do nothing.
events = Table(
    "events",
    METADATA,
    Column("sequence", _NUMBER, primary_key=True, autoincrement=True),
    _text("company"),
    _text("at"),
    _text("debtor_id"),
    _text("item_id"),
    _text("number"),
    _text("kind"),
    _text("step"),
    _number("round"),
    _text("message_id"),
    _number("amount"),
    _text("currency"),
    _text("until"),
    _text("value"),
    _text("meaning"),
    _text("by"),
    _text("note"),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Index("events_by_company", "company", "sequence"),
    sqlite_autoincrement=True,
)

# One mail each: pending until settled as sent, refused, uncertain or later; a person makes uncertain sent or not_sent.
# `sender` tells which of several senders has a pending one in hand.
claims = Table(
    "claims",
    METADATA,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    _text("company"),
    _text("message_id"),
    _text("debtor_id"),
    _text("currency"),
    _text("step"),
    _text("recipient"),
    _text("subject"),
    _text("text"),
    _text("at"),
    _text("state"),
    _text("answer"),
    _text("settled_at"),
    _text("sender"),
    Index("claims_by_state", "company", "state"),
    Index("claims_by_message", "company", "message_id"),
    sqlite_autoincrement=True,
)

# One line per item that advances. `freed` is 0 while the line is held; a claim that came to nothing sets it to its own
# id, and the same step may be claimed again: uniqueness without partial indexes, which not every database has.
lines = Table(
    "lines",
    METADATA,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("claim_id", _NUMBER, ForeignKey("claims.id"), nullable=False, index=True),
    _text("company"),
    _text("item_id"),
    _text("number"),
    _text("step"),
    _number("round"),
    _number("freed"),
    UniqueConstraint("company", "item_id", "step", "round", "freed", name="one_claim_per_line"),
)

# core.tables.SNAPSHOTS.
snapshots = Table(
    "snapshots",
    METADATA,
    Column("company", Words, primary_key=True),
    Column("as_of", String(10), primary_key=True),
    Column("item_id", Words, primary_key=True),
    _number("open"),
)
