"""A rendered message and whose it is → the exact mail that leaves: text beside HTML, safe headers, and who gets it.

Whatever the ledger holds, a header is one line and an address is one address: control characters become spaces, names
are encoded, and an address that is not plainly one is refused.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import lru_cache

from batch.core.policy import Company
from batch.core.problem import RelanceError
from batch.core.records import Message
from batch.delivery import header
from batch.delivery.body import body, one_line

NO_DOMAIN = "relance.invalid"  # reserved by RFC 2606: a mail from here was never meant to leave
_REFERENCES = 10  # earlier reminders named at most; RFC 5322 lets a long chain be cut
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,255}>")
_LONGEST_LOCAL, _LONGEST_ADDRESS = 64, 254  # RFC 5321, section 4.5.3.1
_KEPT = 256  # addresses that are remembered from mail to mail
# RFC 3834: no automatic answer is wanted; the second says the same as Exchange understands it.
_NO_ANSWER = header.plain("Auto-Submitted", "auto-generated") + header.plain("X-Auto-Response-Suppress", "All")
_MIME = header.plain("MIME-Version", "1.0")


@dataclass(frozen=True)
class Mail:
    """A mail as it leaves: its id and moment, the address it is from, all who get it (the main one first), its bytes.

    Those who get it unseen are among `recipients` and in no header.
    """

    message_id: str
    at: dt.datetime
    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)

    def as_bytes(self) -> bytes:
        """Return the mail's bytes."""
        return self.content


def envelope(mail: Mail) -> list[str]:
    """Return the addresses of all who get a mail, the main one first, each once."""
    return list(mail.recipients)


def compose(
    message: Message, *, company: Company, recipient: str, cc: Sequence[str] = (),
    message_id: str, at: dt.datetime, references: Sequence[str] = (),
) -> Mail:  # fmt: skip
    """Return the mail as it leaves.

    `references` are Message-IDs of earlier reminders to the same debtor, oldest first; what is none (history may hold
    anything) is passed over, as is a copy's address that is not plainly one. Raises RelanceError RECIPIENT-UNUSABLE
    when the recipient's is not, ATTACHMENT-CHANGED when a file is no longer the one that was shown.
    """
    sender = _checked(company.email or f"relance@{NO_DOMAIN}")
    name = one_line(company.name)
    to = _checked(recipient)
    copies, blind = copies_of(to, cc, company)
    answers = company.reply_to or company.email
    earlier = [one for one in references if _MESSAGE_ID.fullmatch(one)][-_REFERENCES:]
    moment = at if at.tzinfo else at.astimezone()
    lines = [
        header.plain("Message-ID", _id(message_id)),
        header.plain("Date", format_datetime(moment)),
        header.mailbox("From", sender, name),
        header.mailbox("Reply-To", _checked(answers), name) if answers else "",
        header.addresses("To", [to]),
        header.addresses("Cc", copies) if copies else "",
        header.text("Subject", one_line(message.subject)),
        _NO_ANSWER,
        header.plain("In-Reply-To", earlier[-1]) + header.plain("References", *earlier) if earlier else "",
        _MIME,
    ]
    content = "".join(lines).encode("ascii") + body(message)
    return Mail(message_id, moment, sender, tuple(dict.fromkeys([to, *copies, *blind])), content)


def copies_of(recipient: str, cc: Sequence[str], company: Company) -> tuple[list[str], list[str]]:
    """Return who gets a copy of a mail to `recipient`, and who gets one unseen: each once, and only what is plainly an address."""
    to = _checked(recipient) if usable(recipient) else ""
    others = dict.fromkeys(_checked(one) for one in (*cc, company.copy_to) if usable(one))
    copies = [one for one in others if one != to]
    unseen = [_checked(company.blind_copy_to)] if usable(company.blind_copy_to) else []
    return copies, [one for one in unseen if one not in {to, *copies}]


def message_id(
    company: Company, debtor_id: str, currency: str, step: str, lines: Iterable[tuple[str, str, int]]
) -> str:
    """Return the Message-ID of a mail: the same for the same company, account, step and lines (item_id, step, round)."""
    parts = [company.name, company.company_id, debtor_id, currency, step, *map(repr, sorted(lines))]
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    domain = _checked(company.email).rpartition("@")[2] if usable(company.email) else NO_DOMAIN
    return f"<relance.{digest}@{domain}>"


def usable(address: str) -> bool:
    """Say whether a mail can be addressed to this."""
    try:
        _checked(address)
    except RelanceError:
        return False
    return True


@lru_cache(maxsize=_KEPT)
def _checked(address: str) -> str:
    local, _, domain = address.strip().rpartition("@")
    try:
        # Mail servers take domains in their ASCII form only.
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    labels = domain.split(".")
    plain = _LOCAL.fullmatch(local) and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not plain or len(local) > _LONGEST_LOCAL or len(f"{local}@{domain}") > _LONGEST_ADDRESS:
        raise RelanceError("RECIPIENT-UNUSABLE", address=one_line(address))
    return f"{local}@{domain}"


def _id(text: str) -> str:
    if not _MESSAGE_ID.fullmatch(text):
        raise ValueError(f"no Message-ID: {text!r}")
    return text
