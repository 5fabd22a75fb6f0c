"""A PostgreSQL server of the tests' own: a cluster in a temporary folder, on loopback, stopped by its own process id."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

INSTALLED = Path("/usr/lib/postgresql")
HOST, USER, PASSWORD = "127.0.0.1", "relance", "pg-s3cret-word"
ATTEMPTS = 3  # another program may take the free port first
SECONDS_TO_START = 60
# Tests kill programs, never the machine: the disk need not be waited for.
QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB")


@dataclass(frozen=True)
class Cluster:
    """A server that is running."""

    port: int

    def url(self, database: str) -> str:
        """Return the address of a database, as relance.toml has it."""
        return f"postgresql://{USER}:{PASSWORD}@{HOST}:{self.port}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """Give the address of a new, empty database, which is dropped afterwards."""
        self.execute(f'CREATE DATABASE "{name}"')
        try:
            yield self.url(name)
        finally:
            self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def programs() -> Path | None:
    """Return the folder of the newest installed server's programs."""
    found = [path.parent for path in INSTALLED.glob("*/bin/initdb")]
    return max(found, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), default=None)


@contextmanager
def cluster(*settings: str) -> Iterator[Cluster]:
    """Make a cluster and run it; the server refuses to be root, and then works as its own user."""
    binaries = programs()
    if binaries is None:
        raise FileNotFoundError(INSTALLED)
    folder = Path(tempfile.mkdtemp(prefix="relance-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        _make(binaries, folder)
        process, port = _start(binaries, folder, settings)
        try:
            yield Cluster(port)
        finally:
            process.send_signal(signal.SIGINT)  # the server's word for: end now, in good order
            process.wait(60)
    finally:
        shutil.rmtree(folder)


def _make(binaries: Path, folder: Path) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="ascii")
    options = ["--auth=scram-sha-256", f"--username={USER}", f"--pwfile={secret}", "--encoding=UTF8", "--no-sync"]
    # A language whose order of words is not that of the code points, as on people's servers (PostgreSQL 15 or later).
    options += ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fr"]
    command = [*_as_user(), str(binaries / "initdb"), "-D", str(folder / "data"), *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)


def _start(binaries: Path, folder: Path, settings: tuple[str, ...]) -> tuple["subprocess.Popen[bytes]", int]:
    for _ in range(ATTEMPTS):
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = int(free.getsockname()[1])
        told = [f"port={port}", f"listen_addresses={HOST}", f"unix_socket_directories={folder}", *settings]
        options = [part for setting in told for part in ("-c", setting)]
        command = [*_as_user("--pdeathsig=INT"), str(binaries / "postgres"), "-D", str(folder / "data"), *options]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        if _answers(process, port):
            return process, port
        process.kill()
        process.wait()
    raise RuntimeError((folder / "log").read_text(encoding="utf-8", errors="replace"))


def _answers(process: "subprocess.Popen[bytes]", port: int) -> bool:
    until = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < until:
        with suppress(psycopg.OperationalError):
            psycopg.connect(Cluster(port).url("postgres")).close()
            return True
        time.sleep(0.05)
    return False


def _as_user(*options: str) -> list[str]:
    if os.geteuid() == 0:
        options = ("--reuid=postgres", "--regid=postgres", "--init-groups", *options)
    return ["setpriv", *options] if options else []
