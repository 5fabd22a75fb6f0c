"""Messages → their letters on paper: one PDF each, drawn by Typst from templates/letter.typ.

What a ledger says is handed over as JSON and stays text, whatever signs it has. Typst sees one folder only, that of the
template, and the fonts that come with it, so that a letter is the same on every machine.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from batch.core.policy import Company
from batch.core.problem import Problem, Severity, Source
from batch.core.records import Message
from batch.messages.accounts import Account
from batch.messages.clean import clean
from batch.messages.island import Key, key_of
from batch.messages.wording import template_path

if TYPE_CHECKING:
    from typst import Compiler

TEMPLATE = "letter.typ"
LONGEST_NAME, LONGEST_ID = 100, 60  # bytes: systems take 255 for the whole
MOST_NAMED = 10  # customers in one sentence
# What some system allows in no name of a file, and Windows not as the whole of one.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
# Scripts and signs that the fonts of Typst lack: those of India and South-East Asia, of China, Japan and Korea, and emoji.
_UNDRAWN = re.compile(
    "[\u0700-\u109f\u1100-\u1cff\u2e80-\ua63f\ua800-\ufaff\ufe10-\ufe6f\uff00-\uffef\U00010000-\U0010ffff]"
)


def letters(
    accounts: Iterable[Account], messages: Mapping[Key, Message], as_of: dt.date, *, company: Company, templates: Path | None,
    write: Callable[[str, bytes], object], tick: Callable[[int, int], None] = lambda _done, _wanted: None,
) -> tuple[dict[Key, str], tuple[Problem, ...]]:  # fmt: skip
    """Give each letter's name and PDF to `write`; return the names by (debtor_id, currency), and the problems.

    `tick` is told how many of how many letters are done.

    A letter that cannot be drawn (LETTERS-NOT-DRAWN) leaves the others as they are. Told besides: who has no address
    (LETTERS-NO-ADDRESS, of the creditor CREDITOR-ADDRESS-MISSING), whose name or address has signs that cannot be printed (LETTERS-SIGNS).
    """
    written = {key_of(account): account for account in accounts}
    wanted = {key: message for key, message in messages.items() if message.paper}
    if not wanted:
        return {}, ()
    press = Press(template_path(templates, TEMPLATE), as_of)
    named: dict[Key, str] = {}
    failed: dict[str, list[Account]] = {}
    names = file_names(written[key] for key in wanted)
    for done, (key, message) in enumerate(wanted.items()):
        tick(done, len(wanted))
        try:
            content = press.draw(message.paper)
        except CannotDrawError as error:
            failed.setdefault(str(error), []).append(written[key])
            continue
        write(names[key], content)
        named[key] = names[key]
    tick(len(wanted), len(wanted))
    drawn = [written[key] for key in named]
    return named, (*_not_drawn(failed, press.template), *_not_ready(drawn, company))


class CannotDrawError(Exception):
    """Typst refuses the template or what it is given; its own words in one line."""


class Press:
    """Draws the letters of a run; Typst is loaded with the first one."""

    def __init__(self, template: Path, as_of: dt.date) -> None:
        """Take the template and the day that the documents carry."""
        self.template = template
        self._made_at = int(dt.datetime.combine(as_of, dt.time(), dt.UTC).timestamp())
        self._compiler: Compiler | None = None

    def draw(self, paper: str) -> bytes:
        """Return the PDF of a letter; the same for the same text. CannotDrawError when it cannot be drawn."""
        from typst import Compiler, TypstError  # noqa: PLC0415  runs without a letter do without it

        try:
            if self._compiler is None:
                self._compiler = Compiler(self.template, root=self.template.parent, ignore_system_fonts=True)
            # Tags for readers aloud make it five times as large; it is for paper, and the mail says the same.
            made = self._compiler.compile(
                sys_inputs={"letter": paper}, format="pdf", timestamp=self._made_at, pdf_tags=False
            )
        except (TypstError, OSError, RuntimeError, ValueError) as error:
            raise CannotDrawError(" ".join(str(error).split()) or type(error).__name__) from error
        if not isinstance(made, bytes):  # pictures are a file for each page; a PDF never is
            raise CannotDrawError(TEMPLATE)
        return made


def file_names(accounts: Iterable[Account]) -> dict[Key, str]:
    """Return a file's name for each account, by customer name and number; no two are the same on any system."""
    names: dict[Key, str] = {}
    taken: set[str] = set()
    for account in sorted(accounts, key=key_of):
        name = _file_name(account)
        number, free = 1, name
        while free.casefold() in taken:
            number += 1
            free = f"{name} ({number})"
        taken.add(free.casefold())
        names[key_of(account)] = f"{free}.pdf"
    return names


def _file_name(account: Account) -> str:
    """Return "Durand SARL - 411DURAND", with the currency when it is not the euro."""
    debtor = account.debtor
    parts = [_part(debtor.name, LONGEST_NAME), _part(debtor.debtor_id, LONGEST_ID)]
    parts.append(account.currency if account.currency != "EUR" else "")
    name = " - ".join(dict.fromkeys(filter(None, parts))) or account.currency
    return f"_{name}" if _RESERVED.match(name) else name


def _part(text: str, longest: int) -> str:
    """Return a text as a part of a file's name, cut to so many bytes: no sign that a system forbids, nor a dot or space at its end."""
    part = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", clean(text)))
    return part.encode()[:longest].decode(errors="ignore").strip(" .")


def _not_drawn(failed: Mapping[str, list[Account]], template: Path) -> Iterator[Problem]:
    for reason, accounts in failed.items():
        facts = {"n": len(accounts), "customers": _named(accounts), "reason": reason}
        yield Problem("LETTERS-NOT-DRAWN", Severity.ERROR, Source(file=str(template)), facts)


def _not_ready(drawn: Iterable[Account], company: Company) -> Iterator[Problem]:
    """Yield what a person must do to the letters before they can be posted, once for all of them."""
    drawn = list(drawn)
    lost = [account for account in drawn if not clean(account.debtor.address)]
    if lost:
        facts = {"n": len(lost), "customers": _named(lost)}
        yield Problem("LETTERS-NO-ADDRESS", Severity.WARNING, facts=facts)
    if drawn and not company.address.strip():
        yield Problem("CREDITOR-ADDRESS-MISSING", Severity.INFO)
    strange = [account for account in drawn if _UNDRAWN.search(f"{account.debtor.name}{account.debtor.address}")]
    if strange:
        facts = {"n": len(strange), "customers": _named(strange)}
        yield Problem("LETTERS-SIGNS", Severity.WARNING, facts=facts)


def _named(accounts: Iterable[Account]) -> str:
    """Return the names of a few customers, by their account number where they have none."""
    return some_of(clean(account.debtor.name) or account.debtor.debtor_id for account in accounts)


def some_of(customers: Iterable[str]) -> str:
    """Return the names as one sentence lists them: each once, the first ten."""
    names = list(dict.fromkeys(customers))
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
