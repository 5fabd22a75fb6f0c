"""An open connection → a journal in today's schema: made when there is none, climbed step by step when it is older.

A new journal is made from `schema` at once. An older one climbs by the numbered functions: MIGRATIONS[0] leads from
version 1 to version 2, and so on; each runs in the transaction that also writes the new version, so a crash leaves the
file at a version that exists. A migration is never changed once released.
"""

import re
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, insert, inspect, select, text, update

from batch.core.item_key import LONGEST_KEY_PART, key_parts
from batch.journal import schema

Migration = Callable[[Connection], None]


def _claims_know_their_sender(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE claims ADD COLUMN sender TEXT NOT NULL DEFAULT ''"))


_LONG_ID = re.compile(r"(.*?)(\|(?:invoice|credit_note|payment)\|)(.*)(\|[^|]*\|\d+)", re.DOTALL)


def _very_long_items_are_shortened(connection: Connection) -> None:
    for table in (schema.events, schema.lines, schema.snapshots):
        column = table.c.item_id
        wanted = select(column).distinct().where(func.length(column) > LONGEST_KEY_PART)
        for item_id in connection.scalars(wanted).all():
            if found := _LONG_ID.fullmatch(item_id):
                debtor, kind, number, rest = found.groups()
                debtor, number = key_parts([debtor, number])
                connection.execute(
                    update(table).where(column == item_id).values(item_id=f"{debtor}{kind}{number}{rest}")
                )


MIGRATIONS: tuple[Migration, ...] = (_claims_know_their_sender, _very_long_items_are_shortened)


def known_version(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Return the schema version that this program writes."""
    return 1 + len(migrations)


def is_blank(connection: Connection) -> bool:
    """Say whether the database holds no table at all."""
    return not inspect(connection).get_table_names()


def is_journal(connection: Connection) -> bool:
    """Say whether the database holds a journal of any version."""
    inspector = inspect(connection)
    if schema.facts.name not in inspector.get_table_names():
        return False
    columns = {column["name"] for column in inspector.get_columns(schema.facts.name)}
    return columns == {"key", "value"} and {"id", "version"} <= set(_facts(connection))


def create(connection: Connection, journal_id: str, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Make the tables of an empty database and write the journal's id and version."""
    schema.METADATA.create_all(connection)
    version = str(known_version(migrations))
    connection.execute(insert(schema.facts), [{"key": "id", "value": journal_id}, {"key": "version", "value": version}])


def version(connection: Connection) -> int:
    """Return the schema version the journal has."""
    return int(_facts(connection)["version"])


def journal_id(connection: Connection) -> str:
    """Return the id the journal was given when it was made."""
    return _facts(connection)["id"]


def climb(connection: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Run the migrations that the journal has not seen yet and return its version."""
    current = version(connection)
    for number, migrate in enumerate(migrations, start=2):
        if number > current:
            migrate(connection)
            connection.execute(update(schema.facts).where(schema.facts.c.key == "version").values(value=str(number)))
    return max(current, known_version(migrations))


def _facts(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(schema.facts.c.key, schema.facts.c.value))
    return {key: value for key, value in rows}  # noqa: C416  a Row is no pair to the type checker
