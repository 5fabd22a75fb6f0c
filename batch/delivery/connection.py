"""A mail account → an encrypted, checked, logged-in conversation with its server, through yagmail.

yagmail and smtplib check no certificate unless a context is given to them, and yagmail asks on the terminal for a
password it does not have: both are settled here, before it is called.
"""

import datetime as dt
import select
import smtplib
import ssl
from dataclasses import dataclass, field
from typing import NamedTuple

import yagmail

from batch.core.problem import RelanceError, Source
from batch.delivery.outcome import in_words
from batch.delivery.passwords import PASSWORDS, find
from batch.delivery.tokens import Bearer

MECHANISM = "XOAUTH2"


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
    bearer: Bearer | None = field(default=None, repr=False)  # logs in with a token in place of the password


class Line(NamedTuple):
    """What a server offers on an open line: TLS version, last day of its certificate, ways to log in, most bytes of a mail (0: unsaid)."""

    tls: str
    certified_until: dt.date | None
    logins: tuple[str, ...]
    most_bytes: int


class Connection:
    """One account's connection, opened again between two mails when the server has closed it, never within one."""

    def __init__(self, account: Account, timeout: float) -> None:
        """Take the account; nothing is connected yet. Raises RelanceError SMTP-CA-FILE or SMTP-PASSWORD-MISSING."""
        self._account = account
        self._client = _client(account, timeout)
        self._mails = 0

    @property
    def used(self) -> bool:
        """Say whether the conversation was asked for more than one mail."""
        return self._mails > 1

    def open(self) -> None:
        """Connect and log in.

        Raises RelanceError SMTP-CERTIFICATE, SMTP-NO-TLS, SMTP-LOGIN-REFUSED, SMTP-TOKEN-REFUSED, SMTP-UNREACHABLE or OAUTH-….
        """
        bearer = self._account.bearer
        self._mails = 0
        token = bearer.value() if bearer else ""  # before the line is open: a server does not wait long
        try:
            self._client.login()
            if token:
                self._present(token)
        except ssl.SSLCertVerificationError as error:
            raise self._failure("SMTP-CERTIFICATE", error.verify_message) from error
        except UnicodeEncodeError:
            raise self._failure("SMTP-LOGIN-LETTERS", "") from None
        except smtplib.SMTPNotSupportedError as error:
            raise self._failure(
                "SMTP-NO-TLS" if "STARTTLS" in str(error) else "SMTP-LOGIN-REFUSED", str(error)
            ) from None
        except smtplib.SMTPResponseException as error:
            refused = isinstance(error, smtplib.SMTPAuthenticationError)
            answer = in_words(error.smtp_code, error.smtp_error)
            code = "SMTP-TOKEN-REFUSED" if token else "SMTP-LOGIN-REFUSED"
            raise self._failure(code if refused else "SMTP-UNREACHABLE", answer) from None
        except (OSError, smtplib.SMTPException) as error:
            raise self._failure("SMTP-UNREACHABLE", error.strerror or str(error)) from error

    def conversation(self) -> smtplib.SMTP:
        """Return the conversation for the next mail; raises as `open` does when it must be opened again and cannot."""
        line = self._client.smtp
        bearer = self._account.bearer
        if line is None or line.sock is None or _has_spoken(line) or (bearer and bearer.ended):
            self.close()
            self.open()
        self._mails += 1
        conversation: smtplib.SMTP = self._client.smtp
        return conversation

    def line(self) -> Line:
        """Return what the server offers; the connection is open."""
        line = self._client.smtp
        line.ehlo_or_helo_if_needed()
        ends = (line.sock.getpeercert() or {}).get("notAfter")
        until = dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), dt.UTC).date() if ends else None
        size = line.esmtp_features.get("size", "")
        return Line(
            tls=line.sock.version() or "",
            certified_until=until,
            logins=tuple(line.esmtp_features.get("auth", "").split()),
            most_bytes=int(size) if size.isdigit() else 0,
        )

    def close(self) -> None:
        """Say goodbye to the server."""
        self._client.is_closed = True
        if self._client.smtp is not None:
            try:
                self._client.smtp.quit()
            except (smtplib.SMTPException, OSError):
                self._client.smtp.close()

    def _present(self, token: str) -> None:
        """Log in with a token: yagmail's own way would send it without STARTTLS and pass over the answer."""
        line, user = self._client.smtp, self._account.user
        line.ehlo_or_helo_if_needed()
        if MECHANISM not in line.esmtp_features.get("auth", "").split():
            raise smtplib.SMTPNotSupportedError(f"AUTH {MECHANISM}")

        def answer(challenge: bytes | None = None) -> str:
            # The server's challenge is its reason for refusing; an empty answer asks for the refusal itself.
            return "" if challenge else f"user={user}\x01auth=Bearer {token}\x01\x01"

        line.auth(MECHANISM, answer)

    def _failure(self, code: str, reason: str) -> RelanceError:
        self._client.is_closed = True  # else yagmail says goodbye when it is collected, on a line that is down
        if self._client.smtp is not None:
            self._client.smtp.close()
        account = self._account
        return RelanceError(code, host=account.host, port=account.port, user=account.user, reason=reason)


def _client(account: Account, timeout: float) -> yagmail.SMTP:
    try:
        context = ssl.create_default_context(cafile=account.ca_file)
    except OSError as error:  # an SSLError, for a file that holds no certificate, is one too
        reason = error.strerror or str(error)
        raise RelanceError("SMTP-CA-FILE", Source(file=str(account.ca_file)), reason=reason) from error
    if account.ca_file:
        # From 3.13 on Python also asks for parts that certificates of companies' own authorities often lack; these are checked as before.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    client = yagmail.SMTP(
        user=account.user,
        password=_password(account),
        host=account.host,
        port=account.port,
        smtp_ssl=not account.starttls,
        smtp_starttls={"context": context} if account.starttls else False,
        smtp_skip_login=not account.user or account.bearer is not None,
        soft_email_validation=False,
        timeout=timeout,
        **({} if account.starttls else {"context": context}),
    )
    client.user = account.user  # yagmail makes a Gmail address of a login without "@"
    return client


def _password(account: Account) -> str:
    if account.password or not account.user or account.bearer:
        return account.password
    # yagmail itself would ask on the terminal, where perhaps nobody sits.
    kept = find("", PASSWORDS, account.user).value
    if not kept:
        raise RelanceError("SMTP-PASSWORD-MISSING", user=account.user)
    return kept


def _has_spoken(line: smtplib.SMTP) -> bool:
    # Between two mails a server has nothing to say but goodbye.
    return bool(select.select([line.sock.fileno()], [], [], 0)[0]) if line.sock else True
