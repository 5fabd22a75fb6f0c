"""An account and the cabinet → what goes out with its message: invoices, terms of sale; what is missing, and whether it waits.

What cannot be attached (no file, several, unreadable, too large together) is said once for each message; the settings say whether
the message then leaves without it or waits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from batch.core.policy import Attachments, Company
from batch.core.problem import Problem, Severity, Source
from batch.core.records import Attachment
from batch.messages.accounts import Account, Item
from batch.messages.cabinet import Cabinet, Found
from batch.messages.clean import clean
from batch.words import Said

GROUP = "attachments"
_LINE, _OF = 78, 57  # base64: so many characters, with the line's end, for so many bytes


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What a template may say: how many of the invoices asked for are attached, whether the terms of sale are, all names."""

    invoices: int = 0
    terms: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosures:
    """The files of one message, and whether it waits because one of them is missing."""

    files: tuple[Attachment, ...] = ()
    said: Enclosed = field(default_factory=Enclosed)
    held: bool = False
    problems: tuple[Problem, ...] = ()


NOTHING = Enclosures()


class Enclosing:
    """What all messages of a run share: the cabinet, the settings, the files that several customers' invoices could mean."""

    def __init__(self, wanted: Attachments, company: Company, accounts: Sequence[Account]) -> None:
        """Look into the folder; raises RelanceError ATTACHMENTS-NOT-… as the cabinet does."""
        self._wanted = wanted
        self._company = company.name
        self._cabinet = Cabinet(wanted)
        self._shared = self._shared_names(accounts) if wanted.invoices else frozenset()

    def of(self, account: Account) -> Enclosures:
        """Return what goes out with the message of an account."""
        if account.step not in self._wanted.steps or not (self._wanted.invoices or self._wanted.terms):
            return NOTHING
        invoices = [item for item in account.asked_for if item.kind == "invoice"] if self._wanted.invoices else []
        found = [(item, self._invoice(item, account)) for item in invoices]
        terms = self._cabinet.terms
        wanted = list(dict.fromkeys(one.file for _, one in found if one.file))
        kept = _within(wanted, self._wanted.max_bytes)
        files = kept
        if terms and terms.file and kept == wanted:
            files = _within([*kept, terms.file], self._wanted.max_bytes)
        left = [file.name for file in (*wanted, *([terms.file] if terms and terms.file else [])) if file not in files]
        lacking = [(item, one) for item, one in found if not one.file]
        incomplete = bool(lacking or left or (terms and not terms.file))
        held = incomplete and self._wanted.hold
        return Enclosures(
            files=tuple(files),
            said=Enclosed(len(kept), len(files) > len(kept), tuple(file.name for file in files)),
            held=held,
            problems=tuple(_problems(account, lacking, terms, left, self._wanted, held=held)),
        )

    def _invoice(self, item: Item, account: Account) -> Found:
        if clean(item.number) and not self._shared.isdisjoint(
            self._cabinet.names(item.number, account.debtor.debtor_id, self._company)
        ):
            return Found(None, "shared", (clean(item.number),))
        return self._cabinet.invoice(item.number, account.debtor.debtor_id, self._company)

    def _shared_names(self, accounts: Sequence[Account]) -> frozenset[str]:
        """Return the names of files that invoices of two customers would have: whose it is cannot be told.

        Two numbers may share one name: FA/1 cannot be written so, and FA-1 is another invoice.
        """
        owner: dict[str, str] = {}
        shared = set()
        for account in accounts:
            debtor = account.debtor.debtor_id
            for item in (*account.asked_for, *account.not_due, *account.apart):
                if not clean(item.number):
                    continue
                for name in self._cabinet.names(item.number, debtor, self._company):
                    if owner.setdefault(name, debtor) != debtor:
                        shared.add(name)
        return frozenset(shared)


def _within(files: Sequence[Attachment], limit: int) -> list[Attachment]:
    """Return the files, each once, as far as they fit together as they travel: base64 makes three bytes four."""
    kept: list[Attachment] = []
    room = limit
    for file in files:
        room -= -(-file.size // _OF) * _LINE
        if room < 0:
            break
        kept.append(file)
    return kept


def _problems(
    account: Account, lacking: Sequence[tuple[Item, Found]], terms: Found | None, left: Sequence[str], wanted: Attachments,
    *, held: bool,
) -> Iterator[Problem]:  # fmt: skip
    """Yield what is missing, each kind of it once."""
    debtor = clean(account.debtor.name) or clean(account.debtor.debtor_id)
    then = Said(GROUP, "held" if held else "sent", {})
    missing = [clean(item.number) or "?" for item, found in lacking if found.why == "missing"]
    if missing:
        facts = {"n": len(missing), "numbers": missing, "debtor": debtor, "then": then}
        yield Problem("INVOICE-FILE-MISSING", Severity.WARNING, Source(file=wanted.invoices), facts)
    for item, found in lacking:
        facts = {"number": clean(item.number), "debtor": debtor, "names": list(found.names), "then": then}
        if found.why == "several":
            yield Problem("INVOICE-FILE-SEVERAL", Severity.WARNING, Source(file=wanted.invoices), facts)
        elif found.why == "shared":
            yield Problem("INVOICE-FILE-SHARED", Severity.WARNING, Source(file=wanted.invoices), facts)
        elif found.why == "unreadable":
            yield _unreadable(found, then)
    if terms and not terms.file:
        yield _unreadable(terms, then)
    if left:
        facts = {"names": list(left), "debtor": debtor, "limit": wanted.max_bytes // 1_000_000, "then": then}
        yield Problem("ATTACHMENTS-TOO-LARGE", Severity.WARNING, facts=facts)


def _unreadable(found: Found, then: Said) -> Problem:
    known = found.reason in ("no-pdf", "not-a-file")
    reason = Said(GROUP, found.reason, {}) if known else found.reason
    return Problem(
        "ATTACHMENT-UNREADABLE", Severity.WARNING, Source(file=found.names[0]),
        {"name": found.names[0], "reason": reason, "then": then},
    )  # fmt: skip
