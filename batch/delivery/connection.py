"""A mail account → an encrypted, checked, logged-in conversation with its server, through yagmail.

yagmail and smtplib check no certificate unless a context is given to them, and yagmail asks on the terminal for a
password it does not have: both are settled here, before it is called.
"""

import select
import smtplib
import ssl
from dataclasses import dataclass, field

import yagmail
import yagmail.password

from batch.core.problem import RelanceError, Source

_START_MAIL = 354
_LONGEST_ANSWER = 500


@dataclass(frozen=True)
class Account:
    """A mail account. The line is always encrypted and the server's certificate always checked."""

    host: str
    port: int
    user: str  # "" = the server asks for no login
    password: str = field(repr=False)  # "" = as yagmail keeps it in the system's keyring
    starttls: bool  # True: STARTTLS (port 587); False: TLS from the first byte (port 465)
    ca_file: str | None  # certificates of the company's own authority, in place of the system's
    sender: str  # envelope sender: where bounces go


class Conversation(smtplib.SMTP):
    """An SMTP conversation that remembers the last answer and whether the server was ready for a mail's text."""

    answer = ""
    handed_over = False

    def getreply(self) -> tuple[int, bytes]:
        """Read the server's answer."""
        code, words = super().getreply()
        self.answer = in_words(code, words)
        if code == _START_MAIL:
            self.handed_over = True
        return code, words


class _SslConversation(Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _Client(yagmail.SMTP):  # type: ignore[misc]  # yagmail comes without types for the checker
    """yagmail's client on conversations that remember."""

    @property
    def connection(self) -> type[Conversation]:
        return _SslConversation if self.ssl else Conversation


class Connection:
    """One account's connection, opened again between two mails when the server has closed it, never within one."""

    def __init__(self, account: Account, timeout: float) -> None:
        """Take the account; nothing is connected yet. Raises RelanceError SMTP-CA-FILE or SMTP-PASSWORD-MISSING."""
        self._account = account
        self._client = _client(account, timeout)

    def open(self) -> None:
        """Connect and log in; raises RelanceError SMTP-CERTIFICATE, SMTP-NO-TLS, SMTP-LOGIN-REFUSED or SMTP-UNREACHABLE."""
        try:
            self._client.login()
        except ssl.SSLCertVerificationError as error:
            raise self._failure("SMTP-CERTIFICATE", error.verify_message) from error
        except smtplib.SMTPNotSupportedError as error:
            raise self._failure(
                "SMTP-NO-TLS" if "STARTTLS" in str(error) else "SMTP-LOGIN-REFUSED", str(error)
            ) from None
        except smtplib.SMTPResponseException as error:
            refused = isinstance(error, smtplib.SMTPAuthenticationError)
            answer = in_words(error.smtp_code, error.smtp_error)
            raise self._failure("SMTP-LOGIN-REFUSED" if refused else "SMTP-UNREACHABLE", answer) from None
        except (OSError, smtplib.SMTPException) as error:
            raise self._failure("SMTP-UNREACHABLE", str(error)) from error

    def conversation(self) -> Conversation:
        """Return the conversation for the next mail; raises as `open` does when it must be opened again and cannot."""
        line = self._client.smtp
        if line is None or line.sock is None or _has_spoken(line):
            self.close()
            self.open()
        conversation: Conversation = self._client.smtp
        return conversation

    def close(self) -> None:
        """Say goodbye to the server."""
        self._client.is_closed = True
        if self._client.smtp is not None:
            try:
                self._client.smtp.quit()
            except (smtplib.SMTPException, OSError):
                self._client.smtp.close()

    def _failure(self, code: str, reason: str) -> RelanceError:
        self._client.is_closed = True  # else yagmail says goodbye when it is collected, on a line that is down
        if self._client.smtp is not None:
            self._client.smtp.close()
        account = self._account
        return RelanceError(code, host=account.host, port=account.port, user=account.user, reason=reason)


def in_words(code: int, words: bytes | str) -> str:
    """Return a server's answer on one line, code first."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:_LONGEST_ANSWER]


def _client(account: Account, timeout: float) -> _Client:
    try:
        context = ssl.create_default_context(cafile=account.ca_file)
    except OSError as error:  # an SSLError, for a file that holds no certificate, is one too
        reason = error.strerror or str(error)
        raise RelanceError("SMTP-CA-FILE", Source(file=str(account.ca_file)), reason=reason) from error
    client = _Client(
        user=account.user,
        password=_password(account),
        host=account.host,
        port=account.port,
        smtp_ssl=not account.starttls,
        smtp_starttls={"context": context} if account.starttls else False,
        smtp_skip_login=not account.user,
        soft_email_validation=False,
        timeout=timeout,
        **({} if account.starttls else {"context": context}),
    )
    client.user = account.user  # yagmail makes a Gmail address of a login without "@"
    return client


def _password(account: Account) -> str:
    if account.password or not account.user:
        return account.password
    # yagmail itself would ask on the terminal, where perhaps nobody sits.
    ring = yagmail.password.keyring
    try:
        kept = ring.get_password("yagmail", account.user) if ring is not None else None
    except ring.errors.KeyringError:  # no keyring on this machine, or a locked one
        kept = None
    if not kept:
        raise RelanceError("SMTP-PASSWORD-MISSING", user=account.user)
    return str(kept)


def _has_spoken(line: smtplib.SMTP) -> bool:
    # Between two mails a server has nothing to say but goodbye.
    return bool(select.select([line.sock.fileno()], [], [], 0)[0]) if line.sock else True
