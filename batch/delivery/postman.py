"""A composed mail → SENT, REFUSED, UNCERTAIN or LATER, after one attempt: into a folder of .eml files or to a mail server.

yagmail's `send` is never used: it repeats by itself a mail whose answer was lost, and three copies arrive. Here a
mail's bytes go over the line at most once.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import Protocol, Self

from batch.core.problem import RelanceError, Source
from batch.delivery.attempt import attempt
from batch.delivery.compose import NO_DOMAIN, Mail, envelope, usable
from batch.delivery.connection import Account, Connection
from batch.delivery.eml import file_stem, slug, write_new
from batch.delivery.outcome import Kind, Outcome

__all__ = ["Account", "FolderPostman", "Kind", "Outcome", "Postman", "SmtpPostman"]

SECONDS_FOR_AN_ANSWER = 60.0


class Postman(Protocol):
    """Whoever takes mails away; open it with `with`. So many mails as it has `sessions` may be handed over at the same time."""

    @property
    def sessions(self) -> int:
        """Return how many mails may be in its hands at the same time; known once it is open."""

    def __enter__(self) -> Self:
        """Get ready, or raise RelanceError: nothing was claimed yet."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave in good order."""

    def deliver(self, mail: Mail, debtor: str = "") -> Outcome:
        """Hand one mail over, once; `debtor` names it for people. Never raises for what a server or disk does."""


class FolderPostman:
    """Writes each mail as an .eml file, whole or not at all, never over another."""

    sessions = 1

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when missing."""
        self.folder = folder

    def __enter__(self) -> Self:
        """Make the folder; raises RelanceError OUTBOX-FOLDER when that fails or it cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise self._unusable("")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def deliver(self, mail: Mail, debtor: str = "") -> Outcome:
        """Write the mail to <date>-<debtor or recipient>-<8 digits>.eml; the answer is the file's name."""
        try:
            written = write_new(self.folder, _file_stem(mail, debtor), mail.as_bytes())
        except OSError as error:
            return Outcome(Kind.LATER, error.strerror or str(error))
        return Outcome(Kind.SENT, written.name)

    def _unusable(self, reason: str) -> RelanceError:
        return RelanceError("OUTBOX-FOLDER", Source(file=str(self.folder)), folder=str(self.folder), reason=reason)


class SmtpPostman:
    """Hands mails to a mail server over some connections: one login for each, one attempt for each mail."""

    def __init__(self, account: Account, sessions: int = 1, timeout: float = SECONDS_FOR_AN_ANSWER) -> None:
        """Take an account and how many connections are wanted; `timeout` in seconds is how long an answer may take."""
        self._account = account
        self._wanted = sessions
        self._timeout = timeout
        self._open: list[Connection] = []
        self._idle: LifoQueue[Connection] = LifoQueue()

    @property
    def sessions(self) -> int:
        """Return how many connections the server granted."""
        return len(self._open)

    def __enter__(self) -> Self:
        """Connect and log in; raises RelanceError SENDER-UNUSABLE or what `connection.Connection` raises.

        Only the first connection must stand: where the server allows fewer than are wanted, fewer are used.
        """
        if not usable(self._account.sender) or self._account.sender.endswith(NO_DOMAIN):
            raise RelanceError("SENDER-UNUSABLE", address=self._account.sender)
        first = Connection(self._account, self._timeout)
        first.open()
        self._open = [first]
        others = self._wanted - 1
        if others:
            with ThreadPoolExecutor(others) as pool:
                self._open += [one for one in pool.map(self._another, range(others)) if one is not None]
        for connection in reversed(self._open):
            self._idle.put(connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye to the server."""
        while self._open:
            self._open.pop().close()
        self._idle = LifoQueue()

    def deliver(self, mail: Mail, debtor: str = "") -> Outcome:  # noqa: ARG002  names files, not mails
        """Hand the mail over, once, on a connection that no other mail is on, and say what the server answered.

        A server that ends a conversation that has served other mails is called again, as long as it has not been given the text.
        """
        if not self._open:
            raise ValueError("deliver outside of `with`")
        if mail.sender.endswith(f"@{NO_DOMAIN}"):
            return Outcome(Kind.LATER, f"From: {mail.sender}")
        connection = self._idle.get()
        try:
            outcome = self._attempt(connection, mail)
            # Many a server takes so many mails over one connection and no more.
            return self._attempt(connection, mail) if outcome.cut_short and connection.used else outcome
        finally:
            self._idle.put(connection)

    def _attempt(self, connection: Connection, mail: Mail) -> Outcome:
        try:
            line = connection.conversation()
        except RelanceError as error:
            return Outcome(Kind.LATER, str(error.facts["reason"]))
        return attempt(line, _on_the_line(self._account.sender), envelope(mail), mail.as_bytes())

    def _another(self, _number: int) -> Connection | None:
        connection = Connection(self._account, self._timeout)
        try:
            connection.open()
        except RelanceError:
            return None
        return connection


def _on_the_line(address: str) -> str:
    """Return an address with its domain as servers take it: a mail's own headers have theirs so already."""
    local, _, domain = address.strip().rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _file_stem(mail: Mail, debtor: str) -> str:
    named = debtor or mail.recipients[0].replace("@", "-")
    return file_stem(mail, slug(named) or "mail")
