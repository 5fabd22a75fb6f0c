"""Items of a firm's books, and a dialect → a ledger file as some program would export it, and the items that a reader can see in it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from batch.core.currencies import minor_units
from batch.core.policy import Reading
from tests.ledger.dialect_texts import DAY_FORMS, AmountForm, order_is_open, reads_two_ways
from tests.ledger.old_files import Value, serial

# The columns of money of each way to say what is owed. Without a balance a book of movements is set off, oldest first: its sums stay.
MONEY = {
    "balance": ("open_balance",),
    "both": ("amount", "open_balance"),
    "paid": ("amount", "amount_paid"),
    "settled": ("amount",),
    "sides": ("debit", "credit", "open_balance"),
    "side": ("amount", "side", "open_balance"),
    "movements": ("debit", "credit"),
}
SIGNED = frozenset({"sides", "side", "movements"})
TYPES = {
    "fr": {"invoice": "Facture", "credit_note": "Avoir", "payment": "Règlement"},
    "en": {"invoice": "Invoice", "credit_note": "Credit note", "payment": "Payment"},
    "de": {"invoice": "Rechnung", "credit_note": "Gutschrift", "payment": "Zahlung"},
}
TEXT_FIELDS = ("customer_name", "customer_id", "invoice_number")

Row = list[Value]


@dataclass(frozen=True)
class Entry:
    """One item as it stands in the books; amounts in minor units, credits below zero."""

    customer: str
    name: str
    kind: str
    number: str
    issued: dt.date
    due: dt.date
    amount: int
    open: int
    currency: str = "EUR"
    paid_on: dt.date | None = None
    note: str = ""
    reminded: dt.date | None = None


@dataclass(frozen=True)
class Around:
    """What stands around the items."""

    titles: Sequence[str] = ()
    empty_columns: int = 0
    page: int = 0  # rows after which the headings come again; 0 = never
    subtotals: str = ""  # the label of a customer's total, with {name} and {number}; "" = none
    total: str = ""  # the label of the grand total; "" = none
    total_above: bool = False  # over the headings instead of under the items
    groups: str = (
        ""  # the customer's line above the items: "cells" (number, name), or a text with {name} and {number}; "" = none
    )
    footer: Sequence[str] = ()


@dataclass(frozen=True)
class Dialect:
    """How one program exports: `headings` in the order of its columns, the field of each (a strange name: a column of no field)."""

    headings: Mapping[str, str]
    money: str = "both"
    amount: AmountForm = field(default_factory=AmountForm)
    day: str = "dd/mm/yyyy"
    typed: bool = False  # numbers and true dates instead of texts
    currency: str = "column"  # column, sign (beside each amount), setting (in relance.toml)
    words: str = "fr"
    sides: tuple[str, str] = ("D", "C")
    no_day: str = ""
    zeros: bool = True  # a zero where nothing stands, in debit and credit
    unsigned: bool = False  # balances beside sides stand without sign
    strangers: Mapping[str, Value] = field(default_factory=dict)
    guarded: bool = False  # ="00123" in a csv
    one_line: bool = False  # line breaks of a note are blanks in the file
    figures: bool = False  # numbers of customers and invoices as numbers, where nothing is lost
    around: Around = field(default_factory=Around)

    def reading(self, entries: Sequence[Entry]) -> Reading:
        """Return what relance.toml says."""
        return Reading(currency=entries[0].currency) if self.currency == "setting" else Reading()

    def ordered(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the entries in the file's order: by customer where customers have lines or totals of their own."""
        apart = self.around.subtotals or self.around.groups
        return sorted(entries, key=lambda entry: entry.customer) if apart else list(entries)


@dataclass(frozen=True)
class Seen:
    """An item as the file shows it."""

    debtor: str
    kind: str
    number: str
    issued: dt.date
    due: dt.date
    amount: int
    open: int
    currency: str
    paid_on: dt.date | None
    note: str
    reminded: dt.date | None


def seen(entry: Entry, dialect: Dialect) -> Seen:
    """Return what is left of an entry in this dialect: what has no column is not known."""
    entry = told(entry, dialect)
    columns = dialect.headings
    issued = entry.issued if "issue_date" in columns else entry.due
    usual = issued + dt.timedelta(30) if entry.kind == "invoice" else issued
    by_number = "customer_id" in columns or "{number}" in dialect.around.groups or dialect.around.groups == "cells"
    return Seen(
        debtor=entry.customer if by_number else entry.name,
        kind=entry.kind,
        number=entry.number,
        issued=issued,
        due=entry.due if "due_date" in columns else usual,
        amount=entry.amount,
        open=entry.open,
        currency=entry.currency,
        paid_on=entry.paid_on if "payment_date" in columns and entry.open == 0 else None,
        note=(" ".join(entry.note.split()) if dialect.one_line else entry.note) if "note" in columns else "",
        reminded=entry.reminded if "last_reminder_date" in columns else None,
    )


def told(entry: Entry, dialect: Dialect) -> Entry:
    """Return the entry as far as the columns of money tell it."""
    if dialect.money == "balance":
        entry = replace(entry, amount=entry.open)
    if dialect.money == "settled" and entry.open:
        entry = replace(entry, amount=entry.open)
    if dialect.money == "movements":
        entry = replace(entry, open=entry.amount)
    if entry.amount == 0 and "doc_type" not in dialect.headings:
        entry = replace(entry, kind="invoice")  # nothing shows that it was a credit
    return entry


def is_doubtful(entries: Sequence[Entry], dialect: Dialect) -> bool:
    """Say whether another reading of the file would be as good: days up to the 12th alone, or an amount of three figures behind its mark."""
    if dialect.typed:
        return False
    seen_entries = [told(entry, dialect) for entry in entries]
    days = [day for entry in seen_entries for day in _days(entry, dialect).values() if day is not None]
    money = [
        dialect.amount.text(minor, entry.currency)
        for entry in seen_entries
        for minor in _money(entry, dialect).values()
        if minor is not None
    ]
    return order_is_open(days, dialect.day) or reads_two_ways(money)


def grid(entries: Sequence[Entry], dialect: Dialect) -> list[Row]:
    """Return the rows of the file, None where a cell is empty."""
    around, headings = dialect.around, [*dialect.headings.values()]
    sums = _sums(entries, dialect)
    rows: list[Row] = [[title] for title in around.titles]
    if around.total and around.total_above:
        rows.append([around.total, _amount(sums[_owed(dialect)], entries[0].currency, dialect)])
    rows.append([*headings])
    body = list(_body(dialect.ordered(entries), dialect))
    for place, row in enumerate(body, 1):
        rows.append(row)
        if around.page and place % around.page == 0 and place < len(body):
            rows.append([*headings])
    if around.total and not around.total_above:
        rows.append(_total_row(around.total, sums, entries[0].currency, dialect))
    footer: list[Row] = [[line] for line in around.footer]
    rows += [[None], *footer] if footer else []
    width = len(headings)
    return [[None] * around.empty_columns + row + [None] * (width - len(row)) for row in rows]


def _body(entries: Sequence[Entry], dialect: Dialect) -> Iterator[Row]:
    around = dialect.around
    if not (around.groups or around.subtotals):
        yield from (_row(entry, dialect) for entry in entries)
        return
    for _, group in groupby(entries, key=lambda entry: entry.customer):
        own = list(group)
        names = {"name": own[0].name, "number": own[0].customer}
        if around.groups:
            yield [names["number"], names["name"]] if around.groups == "cells" else [around.groups.format(**names)]
        yield from (_row(entry, dialect) for entry in own)
        if around.subtotals:
            yield _total_row(around.subtotals.format(**names), _sums(own, dialect), own[0].currency, dialect)


def _row(entry: Entry, dialect: Dialect) -> Row:
    entry = told(entry, dialect)
    number = entry.number
    cells: dict[str, Value] = {
        "customer_id": _code(entry.customer, dialect), "customer_name": entry.name, "invoice_number": _code(number, dialect),
        "doc_type": TYPES[dialect.words][entry.kind], "currency": entry.currency, "note": entry.note or None,
        "side": dialect.sides[entry.amount < 0], **dialect.strangers,
        **{name: _day(day, dialect) for name, day in _days(entry, dialect).items()},
        **{name: _amount(minor, entry.currency, dialect) for name, minor in _money(entry, dialect).items()},
    }  # fmt: skip
    return [cells[name] for name in dialect.headings]


def _days(entry: Entry, dialect: Dialect) -> dict[str, dt.date | None]:
    every = {
        "issue_date": entry.issued, "due_date": entry.due, "payment_date": entry.paid_on, "last_reminder_date": entry.reminded,
    }  # fmt: skip
    return {name: day for name, day in every.items() if name in dialect.headings}


def _money(entry: Entry, dialect: Dialect) -> dict[str, int | None]:
    nothing = 0 if dialect.zeros else None
    without_sign = dialect.money == "side" or dialect.unsigned
    every = {
        "amount": abs(entry.amount) if dialect.money == "side" else entry.amount,
        "open_balance": abs(entry.open) if without_sign and dialect.money in SIGNED else entry.open,
        "amount_paid": entry.amount - entry.open,
        "debit": entry.amount if entry.amount > 0 else nothing,
        "credit": -entry.amount if entry.amount < 0 else nothing,
    }
    return {name: every[name] for name in MONEY[dialect.money] if name in every}


def _sums(entries: Sequence[Entry], dialect: Dialect) -> dict[str, int]:
    """Return the sums of the columns of money as a program prints them: of what is owed, with its sign."""
    signed = replace(dialect, unsigned=False)
    written = [_money(told(entry, dialect), signed) for entry in entries]
    return {name: sum(each[name] or 0 for each in written) for name in written[0]}


def _owed(dialect: Dialect) -> str:
    fields = MONEY[dialect.money]
    return "open_balance" if "open_balance" in fields else "amount"


def _total_row(label: str, sums: Mapping[str, int], currency: str, dialect: Dialect) -> Row:
    first = next(name for name in dialect.headings if name in TEXT_FIELDS)
    cells: dict[str, Value] = {name: _amount(minor, currency, dialect) for name, minor in sums.items()}
    return [label if name == first else cells.get(name) for name in dialect.headings]


def _code(code: str, dialect: Dialect) -> Value:
    if dialect.guarded:
        return f'="{code}"'
    return float(code) if dialect.figures and code.isdecimal() and not code.startswith("0") else code


def _day(day: dt.date | None, dialect: Dialect) -> Value:
    if day is None:
        return None if dialect.typed else dialect.no_day or None
    if not dialect.typed:
        return DAY_FORMS[dialect.day](day)
    return serial(day) if dialect.day == "46000" else day


def _amount(minor: int | None, currency: str, dialect: Dialect) -> Value:
    if minor is None:
        return None
    return minor / 10 ** minor_units(currency) if dialect.typed else dialect.amount.text(minor, currency)
