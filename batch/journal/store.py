"""A URL or path → an open database: transactions, the lock of one run at a time, and its errors as RelanceError."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, func, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection

from batch.core.problem import RelanceError, Source

SECONDS_TO_WAIT = 10  # for another writer's transaction; each lasts milliseconds
_WRITES = "relance_writes"
_SAME_MOMENT = {"isolation_level": "REPEATABLE READ"}  # PostgreSQL; on SQLite a transaction reads so by itself
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


@dataclass(frozen=True)
class Store:
    """An open database; `place` is how people are told about it, without password; `path` is None unless SQLite on disk."""

    engine: Engine
    place: str
    path: Path | None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose reads all see the same moment."""
        options = _SAME_MOMENT if self.on_server else {}
        with self.translated(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, turn: str = "") -> Iterator[Connection]:
        """Give one transaction: all of it is on disk when the block ends, or none of it.

        Those of the same `turn` come one after another, as all of them do on SQLite.
        """
        options = {_WRITES: True}
        with self.translated(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            if turn and self.on_server:
                connection.execute(select(func.pg_advisory_xact_lock(_lock_number(turn))))
            yield connection

    @property
    def on_server(self) -> bool:
        """Say whether a server keeps the database, so that several programs may write at the same time."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def exclusive(self, purpose: str, *, shared_as: str = "") -> Iterator[None]:
        """Hold the journal for one run; raises RelanceError JOURNAL-BUSY when another run holds it.

        On SQLite the lock is a file beside the journal, which the system frees when the process ends in whatever way.
        On PostgreSQL it is a transaction-level lock for `purpose` on a connection of its own: session-level locks
        survive a rollback and a pooled close. With `shared_as`, a server lets others in who share it, too; each
        then holds its own name, and `is_alive` tells of it.
        """
        if self.path is not None:
            with self._file_lock(self.path):
                yield
        elif self.on_server:
            with self.translated(), self.engine.connect() as connection, connection.begin():
                # Nobody is idle who waits for a mail server.
                connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
                take = func.pg_try_advisory_xact_lock_shared if shared_as else func.pg_try_advisory_xact_lock
                if not connection.scalar(select(take(_lock_number(purpose)))):
                    raise RelanceError("JOURNAL-BUSY", Source(file=self.place), journal=self.place)
                if shared_as:
                    connection.execute(select(func.pg_advisory_xact_lock(_lock_number(shared_as))))
                yield
        else:
            yield

    def is_alive(self, connection: Connection, name: str) -> bool:
        """Say whether somebody shares the journal under this name; on SQLite nobody ever shares it.

        Whoever is not alive cannot come back under the same name while the connection's transaction lasts.
        """
        return self.on_server and not connection.scalar(select(func.pg_try_advisory_xact_lock(_lock_number(name))))

    @contextmanager
    def _file_lock(self, path: Path) -> Iterator[None]:
        lock = FileLock(f"{path}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise RelanceError("JOURNAL-BUSY", Source(file=self.place), journal=self.place) from None
        except OSError as error:
            raise _no_folder(path) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Raise a database's error as RelanceError: JOURNAL-BUSY or JOURNAL-FAILED; a broken rule of the tables as it is."""
        try:
            yield
        except exc.IntegrityError:
            raise
        except (exc.DBAPIError, sqlite3.Error) as error:
            said = error.orig if isinstance(error, exc.DBAPIError) else error
            reason = " ".join(str(said).split()).rstrip(" .?")  # a server's words take several lines
            code = "JOURNAL-BUSY" if "locked" in reason and self.path else "JOURNAL-FAILED"
            raise RelanceError(code, Source(file=self.place), journal=self.place, reason=reason) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_store(url: str, *, create: bool = True) -> Store:
    """Open the database that a URL or a plain path names; a SQLite file is made when there is none.

    Raises RelanceError JOURNAL-MISSING (only when not to be made), JOURNAL-URL, JOURNAL-DRIVER, JOURNAL-FOLDER or JOURNAL-UNREADABLE; a server that does not answer
    shows at the first transaction.
    """
    address = _address(url)
    place = _shown(address)
    on_disk = address.get_backend_name() == "sqlite" and address.database not in {None, "", ":memory:"}
    path = Path(str(address.database)) if on_disk else None
    if path is not None:
        place = str(path)
        if not create and not path.exists():
            raise RelanceError("JOURNAL-MISSING", Source(file=place), journal=place)
        _check_file(path)
    try:
        engine = create_engine(address, hide_parameters=True)
    except (exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise RelanceError("JOURNAL-DRIVER", Source(file=place), driver=address.drivername) from error
    if engine.dialect.name not in {"sqlite", "postgresql"}:
        raise RelanceError("JOURNAL-DRIVER", Source(file=place), driver=address.drivername)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_server)
    return Store(engine, place, path)


def use_write_ahead_log(store: Store) -> None:
    """Let readers and the writer of a SQLite file not wait for each other; the file remembers it."""
    if store.path is not None:
        with store.translated(), store.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA journal_mode = WAL")


def _address(url: str) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=url)
    try:
        address = make_url(url)
    except (exc.ArgumentError, ValueError):
        scheme = url.partition("://")[0]  # no more of it is shown: the rest may hold a password
        raise RelanceError("JOURNAL-URL", scheme=scheme) from None
    return address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))


def _shown(address: URL) -> str:
    """Return the address without password, and without options, which may hold one, too."""
    bare = URL.create(address.get_backend_name(), address.username, None, address.host, address.port, address.database)
    return bare.render_as_string()


def _check_file(path: Path) -> None:
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise _no_folder(path)
    if path.is_dir() or (path.exists() and not os.access(path, os.R_OK | os.W_OK)):
        raise RelanceError("JOURNAL-UNREADABLE", Source(file=str(path)), journal=str(path))


def _no_folder(path: Path) -> RelanceError:
    return RelanceError("JOURNAL-FOLDER", Source(file=str(path)), journal=str(path), folder=str(path.absolute().parent))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own idea of when a transaction begins would leave reads outside of it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SECONDS_TO_WAIT * 1000}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _prepare_server(connection: DBAPIConnection, _record: object) -> None:
    # A server may be told to answer before a transaction is on disk; what it was told beyond "on" stays.
    cursor = connection.cursor()
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    cursor.close()
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later could not wait for another writer: writers say so at once.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _lock_number(purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(f"relance:{purpose}".encode()).digest()[:8], "big", signed=True)
