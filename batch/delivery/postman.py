"""A composed mail → SENT, REFUSED, UNCERTAIN or LATER, after one attempt: into a folder of .eml files or to a mail server.

yagmail's `send` is never used: it repeats by itself a mail whose answer was lost, and three copies arrive. Here a
mail's bytes go over the line at most once.
"""

import os
import re
import smtplib
import unicodedata
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from batch.core.problem import RelanceError, Source
from batch.delivery.compose import NO_DOMAIN, usable
from batch.delivery.connection import Account, Connection, Conversation, in_words

__all__ = ["Account", "FolderPostman", "Kind", "Outcome", "Postman", "SmtpPostman"]

SECONDS_FOR_AN_ANSWER = 60.0


class Kind(StrEnum):
    """What became of a mail: LATER certainly did not leave and may be tried again, UNCERTAIN perhaps left."""

    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    LATER = "later"


class Outcome(NamedTuple):
    """What became of a mail, and the server's own words."""

    kind: Kind
    answer: str


class Postman(Protocol):
    """Whoever takes mails away; open it with `with`."""

    def __enter__(self) -> Self:
        """Get ready, or raise RelanceError: nothing was claimed yet."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave in good order."""

    def deliver(self, mail: EmailMessage, debtor: str = "") -> Outcome:
        """Hand one mail over, once; `debtor` names it for people. Never raises for what a server or disk does."""


class FolderPostman:
    """Writes each mail as an .eml file, whole or not at all, never over another."""

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

    def deliver(self, mail: EmailMessage, debtor: str = "") -> Outcome:
        """Write the mail to <date>-<debtor or recipient>-<8 digits>.eml; the answer is the file's name."""
        content = mail.as_bytes()
        stem = _file_stem(mail, debtor)
        beside = self.folder / f".{stem}.part"
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            target = self._reserve(stem)
            beside.replace(target)
        except OSError as error:
            beside.unlink(missing_ok=True)
            return Outcome(Kind.LATER, error.strerror or str(error))
        return Outcome(Kind.SENT, target.name)

    def _reserve(self, stem: str) -> Path:
        number = 1
        while True:
            target = self.folder / (f"{stem}.eml" if number == 1 else f"{stem}-{number}.eml")
            try:
                target.open("xb").close()
            except FileExistsError:
                number += 1
            else:
                return target

    def _unusable(self, reason: str) -> RelanceError:
        return RelanceError("OUTBOX-FOLDER", Source(file=str(self.folder)), folder=str(self.folder), reason=reason)


class SmtpPostman:
    """Hands mails to a mail server over one connection: one login, one attempt for each mail."""

    def __init__(self, account: Account, timeout: float = SECONDS_FOR_AN_ANSWER) -> None:
        """Take an account; `timeout` in seconds is how long an answer may take."""
        self._account = account
        self._timeout = timeout
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """Connect and log in; raises RelanceError SENDER-UNUSABLE or what `connection.Connection` raises."""
        if not usable(self._account.sender) or self._account.sender.endswith(NO_DOMAIN):
            raise RelanceError("SENDER-UNUSABLE", address=self._account.sender)
        self._connection = Connection(self._account, self._timeout)
        self._connection.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye to the server."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def deliver(self, mail: EmailMessage, debtor: str = "") -> Outcome:  # noqa: ARG002  names files, not mails
        """Hand the mail over, once, and say what the server answered."""
        if self._connection is None:
            raise ValueError("deliver outside of `with`")
        if any(address.endswith(f"@{NO_DOMAIN}") for address in _addresses(mail, "From")):
            return Outcome(Kind.LATER, f"From: {mail['From']}")
        content = mail.as_bytes()
        try:
            conversation = self._connection.conversation()
        except RelanceError as error:
            return Outcome(Kind.LATER, str(error.facts["reason"]))
        return _attempt(conversation, self._account.sender, _addresses(mail, "To", "Cc"), content)


def _addresses(mail: EmailMessage, *headers: str) -> list[str]:
    written = [str(value) for header in headers for value in mail.get_all(header, [])]
    return list(dict.fromkeys(address for _, address in getaddresses(written)))


def _attempt(line: Conversation, sender: str, recipients: list[str], content: bytes) -> Outcome:
    # `send_message` would write the mail anew and change lines that start with "From "; these are the .eml's bytes.
    line.handed_over = False
    try:
        refused = line.sendmail(sender, recipients, content)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = error.recipients.get(recipients[0], (0, b""))
        return Outcome(_by_code(code), _said(error.recipients) if words else line.answer)
    except smtplib.SMTPSenderRefused as error:
        # The account's trouble, not this debtor's: no address is to blame, the mail waits.
        return Outcome(Kind.LATER, in_words(error.smtp_code, error.smtp_error))
    except smtplib.SMTPDataError as error:
        answer = in_words(error.smtp_code, error.smtp_error)
        known = _by_code(error.smtp_code, unknown=Kind.UNCERTAIN if line.handed_over else Kind.LATER)
        return Outcome(known, answer)
    except (smtplib.SMTPException, OSError) as error:
        line.close()
        return Outcome(Kind.UNCERTAIN if line.handed_over else Kind.LATER, str(error))
    return _after_some_refusals(line, recipients[0], refused)


def _after_some_refusals(line: Conversation, main: str, refused: dict[str, tuple[int, bytes]]) -> Outcome:
    if main not in refused:
        return Outcome(Kind.SENT, "; ".join(filter(None, [line.answer, _said(refused)])))
    # Only copies left. To try again would send them twice, so a refusal for now is for a person to look at.
    kind = Kind.REFUSED if _by_code(refused[main][0]) is Kind.REFUSED else Kind.UNCERTAIN
    return Outcome(kind, _said(refused))


def _by_code(code: int, unknown: Kind = Kind.LATER) -> Kind:
    return {4: Kind.LATER, 5: Kind.REFUSED}.get(code // 100, unknown)


def _said(refused: dict[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{address}: {in_words(*answer)}" for address, answer in refused.items())


def _file_stem(mail: EmailMessage, debtor: str) -> str:
    named = debtor or str(mail["To"]).replace("@", "-")
    ascii_only = unicodedata.normalize("NFKD", named).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40] or "mail"
    mark = sha256(str(mail["Message-ID"]).encode()).hexdigest()[:8]
    return f"{parsedate_to_datetime(str(mail['Date'])):%Y-%m-%d}-{slug}-{mark}"
