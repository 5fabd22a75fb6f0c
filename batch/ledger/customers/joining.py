"""The rows of a contacts file and the ledger's customers → which rows speak of which customer.

By number; where the file's numbers are another program's, or a row has none, by name, letter for letter but for spaces and
capitals. What could be two customers is joined to neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from batch.core.problem import Severity, Source
from batch.ledger.customers.contacts import ABOUT, Contacts
from batch.ledger.table.findings import Findings

_SHARED_WORD = 3  # letters of a word by which two spellings of a name may be the same firm


@dataclass(frozen=True)
class Joined:
    """For each customer of the ledger that the file speaks of, its rows (0-based, in order)."""

    rows: Mapping[str, tuple[int, ...]]
    strangers: int  # rows of no customer of the ledger

    def first(self, column: Sequence[str], debtor: str) -> int | None:
        """Return the first row of a customer in which a column holds something; None when there is none."""
        return next((row for row in self.rows.get(debtor, ()) if column[row]), None)


def same_name(name: str) -> str:
    """Return the name as it is compared: spaces and capitals do not count."""
    return " ".join(name.split()).casefold()


def join(contacts: Contacts, debtor_ids: Iterable[str], names: Iterable[str], findings: Findings) -> Joined:
    """Join the contacts to the customers of the ledger's rows (`debtor_ids` and `names`, row by row)."""
    called: dict[str, set[str]] = {}
    for debtor, name in dict.fromkeys(zip(debtor_ids, names, strict=True)):
        called.setdefault(debtor, set()).add(same_name(name))
    by_number = _by_number(contacts, called)
    if "customer_id" not in contacts.named and _foreign(contacts, by_number, called):
        findings.say("CONTACTS-NUMBERS-FOREIGN", Severity.WARNING, contacts.place("customer_id"), n=len(by_number))
        by_number = {}
    numbered = {row for rows in by_number.values() for row in rows}
    # Where numbers are the ledger's own, a row with another number is another customer, whatever its name.
    number = contacts.text("customer_id")
    nameable = [row for row in range(len(contacts.rows)) if row not in numbered and not (by_number and number[row])]
    by_name = _by_name(contacts, called, nameable, findings)
    rows = {**by_name, **by_number}
    _note_repeated(contacts, rows, findings)
    used = {row for found in rows.values() for row in found}
    return Joined(rows, len(contacts.rows) - len(used))


def _by_number(contacts: Contacts, called: Mapping[str, set[str]]) -> dict[str, tuple[int, ...]]:
    """Join by number, letter for letter; then what differs by leading zeros alone, where that leaves no doubt."""
    rows_of: dict[str, list[int]] = {}
    for row, number in enumerate(contacts.text("customer_id")):
        if number:
            rows_of.setdefault(number, []).append(row)
    found = {debtor: tuple(rows_of[debtor]) for debtor in called if debtor in rows_of}
    ours = _bare([debtor for debtor in called if debtor not in found])
    theirs = _bare([number for number in rows_of if number not in found])
    names = [same_name(name) for name in contacts.text("customer_name")]
    for bare, debtor in ours.items():
        rows = rows_of.get(theirs.get(bare, ""), [])
        if rows and all(names[row] in called[debtor] for row in rows if names[row]):
            found[debtor] = tuple(rows)
    return found


def _bare(numbers: Iterable[str]) -> dict[str, str]:
    """Return the numbers made of digits alone by what is left without leading zeros, those that share it left out."""
    found: dict[str, list[str]] = {}
    for number in numbers:
        if number.isdecimal():
            found.setdefault(number.lstrip("0"), []).append(number)
    return {bare: same[0] for bare, same in found.items() if len(same) == 1}


def _foreign(contacts: Contacts, joined: Mapping[str, tuple[int, ...]], called: Mapping[str, set[str]]) -> bool:
    """Say whether most customers joined by number bear quite another name: then the numbers are another program's."""
    names = [same_name(name) for name in contacts.text("customer_name")]
    pairs = [
        (names[row], known)
        for debtor, rows in joined.items()
        if (known := {name for name in called[debtor] if name and name != same_name(debtor)})
        for row in rows
        if names[row]
    ]
    apart = sum(not any(_alike(name, other) for other in known) for name, known in pairs)
    return 2 * apart > len(pairs)


def _alike(name: str, other: str) -> bool:
    return name == other or any(len(word) >= _SHARED_WORD and word in other for word in name.split())


def _by_name(
    contacts: Contacts, called: Mapping[str, set[str]], rows: Iterable[int], findings: Findings
) -> dict[str, tuple[int, ...]]:
    """Join by name; a name that several customers or differing rows bear is a Problem and joined to none."""
    bearers: dict[str, list[str]] = {}
    for debtor, names in called.items():
        for name in names:
            bearers.setdefault(name, []).append(debtor)
    rows_of: dict[str, list[int]] = {}
    for row in rows:
        name = same_name(contacts.text("customer_name")[row])
        if name in bearers and name:
            rows_of.setdefault(name, []).append(row)
    found: dict[str, tuple[int, ...]] = {}
    doubtful = []
    for name, places in rows_of.items():
        debtor = bearers[name][0]
        if len(bearers[name]) > 1 or debtor in found or len({_said(contacts, row) for row in places}) > 1:
            doubtful.append((places[0], debtor))
            continue
        found[debtor] = tuple(places[:1])
    for _, debtor in doubtful:  # a customer under two names that are both in doubt is in doubt
        found.pop(debtor, None)
    if doubtful:
        where = contacts.source(doubtful[0][0], "customer_name")
        findings.say("CONTACTS-NAME-AMBIGUOUS", Severity.WARNING, where, n=len(doubtful), name=where.excerpt)
    return found


def _said(contacts: Contacts, row: int) -> tuple[str, ...]:
    return tuple(contacts.text(name)[row] for name in ABOUT)


def _note_repeated(contacts: Contacts, rows: Mapping[str, tuple[int, ...]], findings: Findings) -> None:
    """Say how many customers have several rows that do not say the same: the first row that says something counts."""
    columns = {name: contacts.text(name) for name in ABOUT if name in contacts.texts}
    repeated = [
        (debtor, found)
        for debtor, found in rows.items()
        if len(found) > 1 and any(len({column[row] for row in found if column[row]}) > 1 for column in columns.values())
    ]
    if repeated:
        debtor, found = repeated[0]
        where = Source(contacts.book.file, contacts.sheet, contacts.rows[found[1]])
        findings.say("CONTACTS-REPEATED", Severity.WARNING, where, n=len(repeated), customer=debtor)
