"""Debtors of the ledger and joined contacts → debtors with what the contacts file knows of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from batch.core.policy import Reading
from batch.core.problem import Severity
from batch.core.records import ContactsFile
from batch.core.tables import DEBTORS
from batch.ledger.customers.contacts import Contacts, read_contacts
from batch.ledger.customers.joining import Joined, join
from batch.ledger.items import Columns
from batch.ledger.table.columns import field_facts
from batch.ledger.table.findings import Findings
from batch.ledger.values import address_lines, addresses, code_by_word, exact_code

_AS_WRITTEN = ("phone", "contact", "caller", "company_id", "terms", "policy", "rating")
# Columns of codes: an unknown word is a Problem, because it changes the letter or what may be claimed.
_CODES: Mapping[str, Callable[[], Callable[[str], str]]] = {
    "language": lambda: exact_code("languages"),
    "country": lambda: exact_code("countries"),
    "nature": lambda: code_by_word("natures"),
}


@dataclass(frozen=True)
class Directory:
    """A contacts file and how it is joined to the ledger's customers."""

    contacts: Contacts
    joined: Joined

    @property
    def has_email(self) -> bool:
        """Say whether the file has an e-mail column."""
        return "email" in self.contacts.texts

    def file(self) -> ContactsFile:
        """Describe the file for `relance check`."""
        about = self.contacts
        return ContactsFile(
            file=about.book.file,
            sheet=about.sheet,
            header_row=about.header_row,
            columns=tuple((name, column, heading) for name, (column, heading) in about.headings.items()),
            rows=len(about.rows),
            joined=len(self.joined.rows),
            strangers=self.joined.strangers,
        )

    def with_terms(self, columns: Columns, debtor_ids: Sequence[str]) -> Columns:
        """Return the items' columns with the contacts file's payment terms, where it has some: due dates follow from them."""
        if "terms" not in self.contacts.texts:
            return columns
        theirs = self.contacts.text("terms")
        known = {
            debtor: theirs[row] for debtor in self.joined.rows if (row := self.joined.first(theirs, debtor)) is not None
        }
        own = columns.text("terms") or [""] * columns.count
        terms = [known.get(debtor) or text for debtor, text in zip(debtor_ids, own, strict=True)]
        return replace(columns, texts={**columns.texts, "terms": terms})


def open_directory(
    reading: Reading, columns: Columns, debtor_ids: Sequence[str], findings: Findings
) -> Directory | None:
    """Read the contacts file that relance.toml names and join it to the customers; None when it names none."""
    if not reading.contacts:
        return None
    contacts = read_contacts(reading.contacts, reading.contact_columns)
    findings.add(contacts.problems)
    names = columns.text("customer_name") or list(debtor_ids)
    joined = join(contacts, debtor_ids, names, findings)
    directory = Directory(contacts, joined)
    found, customers = len(joined.rows), len(set(debtor_ids))
    if customers:
        findings.say(
            "CONTACTS-JOINED" if found else "CONTACTS-NONE-JOINED",
            Severity.INFO if found else Severity.WARNING,
            contacts.place(),
            found=found,
            customers=customers,
            strangers=joined.strangers,
        )
    return directory


def enrich(debtors: pd.DataFrame, directory: Directory, columns: Columns, findings: Findings) -> pd.DataFrame:
    """Return DEBTORS with the contacts file's values: they fill what the ledger leaves empty and win where both differ.

    The e-mail address and its copies are one value. The ledger's name stays, unless it has none. Cells that are no address,
    language, country or nature are Problems; differences are counted.
    """
    every = debtors["debtor_id"].tolist()
    theirs = _values(directory, every, findings)
    new: dict[str, list[str]] = {}
    differing: list[tuple[str, str, str, str]] = []
    for name, values in theirs.items():
        ours = debtors[name].tolist()
        new[name] = [other or own for own, other in zip(ours, values, strict=True)]
        if name == "cc" or (name == "nature" and name not in columns.texts):  # of the address; a default, nobody's word
            continue
        differing += [
            (debtor, name, own, other)
            for debtor, own, other in zip(every, ours, values, strict=True)
            if own and other and _key(own) != _key(other)
        ]
    if "email" in theirs:
        pairs = zip(theirs["email"], theirs["cc"], debtors["cc"].tolist(), strict=True)
        new["cc"] = [copies if email else own for email, copies, own in pairs]
    if differing:
        customer, field, own, other = differing[0]
        count = len({debtor for debtor, *_ in differing})
        facts = {**field_facts(field), "customer": customer, "own": own, "other": other}
        findings.say("CONTACTS-DIFFER", Severity.INFO, directory.contacts.place(field), n=count, **facts)
    named = debtors if columns.text("customer_name") else _named(debtors, directory)
    return DEBTORS.conform(named.assign(**new))


def _key(text: str) -> str:
    """Return a value as it is compared: a telephone number or a SIREN is the same with other spaces."""
    return "".join(text.split()).casefold()


def _values(directory: Directory, every: Sequence[str], findings: Findings) -> dict[str, list[str]]:
    """Return what the contacts file says of each customer, by column of DEBTORS; "" where it says nothing."""
    contacts, joined = directory.contacts, directory.joined

    def rows_of(name: str) -> list[int | None]:
        column = contacts.text(name)
        return [joined.first(column, debtor) for debtor in every]

    def picked(column: Sequence[str], rows: Sequence[int | None]) -> list[str]:
        return ["" if row is None else column[row] for row in rows]

    found = {name: picked(contacts.text(name), rows_of(name)) for name in _AS_WRITTEN if name in contacts.texts}
    for name, reader in _CODES.items():
        if name in contacts.texts:
            found[name] = _codes(contacts, name, rows_of(name), reader(), findings)
    if not contacts.texts.keys().isdisjoint(("address", "postal_code", "city")):
        lines = address_lines(*(contacts.text(name) for name in ("address", "postal_code", "city")))
        found["address"] = picked(lines, [joined.first(lines, debtor) for debtor in every])
    if directory.has_email:
        found["email"], found["cc"] = _emails(contacts, rows_of("email"), findings)
    return found


def _codes(
    contacts: Contacts, name: str, rows: Sequence[int | None], meaning: Callable[[str], str], findings: Findings
) -> list[str]:
    column = contacts.text(name)
    known = ["" if row is None else meaning(column[row]) for row in rows]
    for row, code in zip(rows, known, strict=True):
        if row is not None and not code:
            findings.say("CONTACTS-WORD-UNKNOWN", Severity.WARNING, contacts.source(row, name), **field_facts(name))
    return known


def _emails(contacts: Contacts, rows: Sequence[int | None], findings: Findings) -> tuple[list[str], list[str]]:
    """Return each customer's first valid address and the further ones; what is no address is a Problem naming the cell."""
    column = contacts.text("email")
    email, copies = [], []
    for row in rows:
        valid, wrong = ([], []) if row is None else addresses(column[row])
        email.append(valid[0] if valid else "")
        copies.append(", ".join(valid[1:]))
        if wrong and row is not None:
            findings.say("EMAIL-UNREADABLE", Severity.WARNING, contacts.source(row, "email"), field="email")
    return email, copies


def _named(debtors: pd.DataFrame, directory: Directory) -> pd.DataFrame:
    """Return DEBTORS with the contacts file's names, for a ledger that has numbers only."""
    column = directory.contacts.text("customer_name")
    every = debtors["debtor_id"].tolist()
    rows = [directory.joined.first(column, debtor) for debtor in every]
    names = [own if row is None else column[row] for own, row in zip(debtors["name"].tolist(), rows, strict=True)]
    return debtors.assign(name=[" ".join(name.split()) for name in names])
