"""An open journal → what a check-up tells of it: its version, how much it holds, and what the database itself finds wrong."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from batch.journal import migrations, schema


@dataclass(frozen=True)
class Health:
    """The schema's version, the company's events and mails, and the database's own complaints (a SQLite file's)."""

    version: int
    events: int
    mails: int
    faults: tuple[str, ...]


def health(connection: Connection, company: str) -> Health:
    """Look through the whole journal; a SQLite file is read from end to end."""
    faults: list[str] = []
    if connection.dialect.name == "sqlite":
        faults = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
    events, mails = (
        connection.scalar(select(func.count()).select_from(table).where(table.c.company == company)) or 0
        for table in (schema.events, schema.claims)
    )
    return Health(migrations.version(connection), events, mails, tuple(faults))
