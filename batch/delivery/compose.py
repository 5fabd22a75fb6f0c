"""A rendered message and whose it is → the exact mail that leaves: one EmailMessage, text beside HTML, safe headers.

Whatever the ledger holds, a header is one line and an address is one address: control characters become spaces, names
are encoded, and an address that is not plainly one is refused.
"""

import datetime as dt
import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, getaddresses
from functools import lru_cache
from pathlib import Path
from typing import Any

from batch.core.policy import Company
from batch.core.problem import RelanceError, Source
from batch.core.records import Message

NO_DOMAIN = "relance.invalid"  # reserved by RFC 2606: a mail from here was never meant to leave
_REFERENCES = 10  # earlier reminders named at most; RFC 5322 lets a long chain be cut
# C0 and C1 controls, line and paragraph separators, half characters, and marks that turn the reading direction.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
_UNSAFE_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,255}>")
_NAME_HEADERS = frozenset({"from", "reply-to"})
_LONGEST_PLAIN_NAME = 50
_BYTES_OF_A_WORD = 39  # RFC 2047: an encoded word has at most 75 characters, its line 76
_ID_HEADERS = frozenset({"message-id", "in-reply-to", "references"})
# Quoted-printable text never holds "=_". The library would make one by chance and look through the whole mail for it.
_BOUNDARY = "=_alternative"
_KEPT = 256  # headers and their lines that are remembered from mail to mail
_LONGEST_LOCAL, _LONGEST_ADDRESS = 64, 254  # RFC 5321, section 4.5.3.1


class _SafeFolding(EmailPolicy):
    """The standard's form of a mail, but for two kinds of header that the library breaks when they are long.

    It encodes ids longer than a line, and no reader threads such mails; and it takes the quotes off a long name with
    commas, which makes several senders of one.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401  the library's own signature
        """Return the header as a mail keeps it; most headers of one mail are those of the next, and taking them apart is slow."""
        return _parsed(name, value) if type(value) is str else super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:  # noqa: ANN401  the library's own signature
        """Return the header's lines."""
        return _folded(name, value)

    def lines_of(self, name: str, value: Any) -> str:  # noqa: ANN401  as above
        """Return the header's lines, worked out."""
        if name.lower() in _ID_HEADERS:
            words = str(value).split()
        elif name.lower() in _NAME_HEADERS:
            words = _named(value.addresses[0])
        else:
            return str(super().fold(name, value))
        return f"{name}: {f'{self.linesep} '.join(words)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401  the library's own signature
        """Return the header's lines as bytes; all of them are ASCII."""
        return self.fold(name, value).encode("ascii")


class _Headers(HeaderRegistry):
    """The standard's kinds of header; it would make each kind anew for each header of each mail."""

    def __init__(self) -> None:
        """Know no kind yet."""
        super().__init__()
        self._known: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        """Return the kind of header of this name."""
        kind = self._known.get(name.lower())
        if kind is None:
            kind = self._known[name.lower()] = super().__getitem__(name)
        return kind


class Mail(EmailMessage):
    """A mail with those who get it unseen: the envelope names them, no header does."""

    blind: tuple[str, ...] = ()


def envelope(mail: EmailMessage) -> list[str]:
    """Return the addresses of all who get a mail, the main one first, each once."""
    written = [str(value) for header in ("To", "Cc") for value in mail.get_all(header, [])]
    unseen = mail.blind if isinstance(mail, Mail) else ()
    return list(dict.fromkeys([*(address for _, address in getaddresses(written)), *unseen]))


_POLICY = _SafeFolding(linesep="\r\n", header_factory=_Headers())


@lru_cache(maxsize=_KEPT)
def _parsed(name: str, value: str) -> tuple[str, Any]:
    return EmailPolicy.header_store_parse(_POLICY, name, value)


@lru_cache(maxsize=_KEPT)
def _folded(name: str, value: Any) -> str:  # noqa: ANN401  the library's own kinds of header
    return _POLICY.lines_of(name, value)


@lru_cache(maxsize=_KEPT)
def _sender(name: str, address: str, display_name: str) -> Any:  # noqa: ANN401  as above
    return _POLICY.header_factory(name, _address(address, display_name))


def compose(
    message: Message, *, company: Company, recipient: str, cc: Sequence[str] = (),
    message_id: str, at: dt.datetime, references: Sequence[str] = (),
) -> Mail:  # fmt: skip
    """Return the mail as it leaves: its bytes are `mail.as_bytes()`, its recipients `envelope(mail)`.

    `references` are Message-IDs of earlier reminders to the same debtor, oldest first; what is none (history may hold
    anything) is passed over, as is a copy's address that is not plainly one. Raises RelanceError RECIPIENT-UNUSABLE
    when the recipient's is not, ATTACHMENT-CHANGED when a file is no longer the one that was shown.
    """
    mail = Mail(policy=_POLICY)
    sender = company.email or f"relance@{NO_DOMAIN}"
    to = _address(recipient)
    others = dict.fromkeys(_checked(one) for one in (*cc, company.copy_to) if usable(one))
    copies = [_address(one) for one in others if one != to.addr_spec]
    mail["Message-ID"] = _id(message_id)
    mail["Date"] = format_datetime(at if at.tzinfo else at.astimezone())
    mail["From"] = _sender("From", sender, company.name)
    if usable(company.blind_copy_to):
        mail.blind = (_checked(company.blind_copy_to),)
    if answers := company.reply_to or company.email:
        mail["Reply-To"] = _sender("Reply-To", answers, company.name)
    mail["To"] = to
    if copies:
        mail["Cc"] = copies
    mail["Subject"] = _line(message.subject)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer is wanted
    mail["X-Auto-Response-Suppress"] = "All"  # the same, as Exchange understands it
    if earlier := [one for one in references if _MESSAGE_ID.fullmatch(one)][-_REFERENCES:]:
        mail["In-Reply-To"] = earlier[-1]
        mail["References"] = " ".join(earlier)
    mail.set_content(_lines(message.text), charset="utf-8", cte="quoted-printable")
    if message.html:
        _add_html(mail, message)
    for file in message.attachments:
        main, _, sub = file.kind.partition("/")
        mail.add_attachment(_content(file.path, file.sha256, file.name), main, sub, filename=_line(file.name))
    return mail


@lru_cache(maxsize=4)  # the terms of sale go out with every mail
def _content(path: str, sha256: str, name: str) -> bytes:
    """Return what a file holds, if it still is the file that was shown."""
    try:
        content = Path(path).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise RelanceError("ATTACHMENT-CHANGED", Source(file=name), name=name)
    return content


def _add_html(mail: EmailMessage, message: Message) -> None:
    """Put the HTML beside the text, together with the pictures that it names."""
    mail.add_alternative(_lines(message.html), subtype="html", charset="utf-8", cte="quoted-printable")
    mail.set_boundary(_BOUNDARY)
    part = list(mail.iter_parts())[-1]
    for image in message.images:
        main, _, sub = image.kind.partition("/")
        part.add_related(image.content, main, sub, cid=f"<{image.cid}>", disposition="inline")
    if message.images:
        part.set_param("type", "text/html")  # RFC 2387 wants it; the library does not say it


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


def _address(address: str, name: str = "") -> Address:
    return Address(_line(name), addr_spec=_checked(address))


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
        raise RelanceError("RECIPIENT-UNUSABLE", address=_line(address))
    return f"{local}@{domain}"


def _named(address: Address) -> list[str]:
    name = address.display_name
    if name.isascii() and len(name) <= _LONGEST_PLAIN_NAME and "=?" not in name:
        return [str(address)]
    chunks = [""]
    for letter in name:
        if len((chunks[-1] + letter).encode()) > _BYTES_OF_A_WORD:
            chunks.append("")
        chunks[-1] += letter
    words = [b64encode(chunk.encode()).decode("ascii") for chunk in chunks]
    return [*(f"=?utf-8?b?{word}?=" for word in words), f"<{address.addr_spec}>"]


def _id(text: str) -> str:
    if not _MESSAGE_ID.fullmatch(text):
        raise ValueError(f"no Message-ID: {text!r}")
    return text


def _line(text: str) -> str:
    return _UNSAFE.sub(" ", text.replace("\r\n", "\n")).strip()


def _lines(text: str) -> str:
    return _UNSAFE_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
