"""The tables inside a message, in the debtor's language: statement, payment details, charges, offered instalments.

Each is made once as words; `columns` sets it in plain text, templates/layout.html.j2 in HTML.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from batch.core.records import Image
from batch.messages.accounts import Account
from batch.messages.blocks import CHARGES, INSTALMENTS, OTHERS, PAYMENT, STATEMENT
from batch.messages.context import Facts, Line
from batch.messages.qr import qr_code
from batch.messages.terms import offered_instalments
from batch.words import Words, for_language

GROUP = "message"
ALWAYS_AMOUNTS = ("formal_notice",)


class Row(NamedTuple):
    """One line of the statement; "" where a column has nothing to say."""

    invoice: str
    issued: str
    due: str
    late: str
    amount: str  # the original amount, where it differs from what is open or the step always names it
    open: str


class Heads(NamedTuple):
    """The headings of the statement, and the words that go before or after a figure in the HTML form."""

    invoice: str
    issued: str
    due: str
    late: str
    amount: str
    open: str
    dated: str
    overrun: str
    out_of: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What is asked for, item by item, with credits set off."""

    heads: Heads
    rows: list[Row]
    total: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Others:
    """Open items that are not asked for, under the title that says why."""

    lists: list[tuple[str, list[Row]]]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels and what belongs to them, one under the other; the last is a total when `summed`."""

    rows: list[tuple[str, str]]
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """Where and how to pay: labels and values, a page to pay on (label, address), a code to scan with its words."""

    rows: list[tuple[str, str]]
    link: tuple[str, str] | None
    code: Image | None
    scan: str  # what to do with the code
    code_says: str  # the same facts for those who do not see it


Grid = Statement | Others | Pairs | Payment
Maker = Callable[[], Grid | None]


def grids(
    used: set[str], account: Account, facts: Facts, words: Words, as_of: dt.date, *, coded: bool
) -> dict[str, Grid | None]:
    """Return the tables of the marks that a wording uses; None for one that has nothing to show. `coded`: with a code to scan."""
    makers: dict[str, Maker] = {
        STATEMENT: lambda: statement(facts, words),
        OTHERS: lambda: other_items(facts, words),
        PAYMENT: lambda: payment_details(facts, words, coded=coded),
        CHARGES: lambda: charge_details(facts, words),
        INSTALMENTS: lambda: instalment_details(account, words, as_of),
    }
    return {mark: makers[mark]() for mark in used}


def statement(facts: Facts, words: Words) -> Statement:
    """Return the statement; the original amounts are shown where they differ, in a formal notice always."""
    always = facts["step"] in ALWAYS_AMOUNTS
    lines = facts["items"] + facts["credits"]
    return Statement(
        heads=heads(words.language),
        rows=[_row(line, words.language, always=always) for line in lines],
        total=(words.label(GROUP, "total"), facts["asked"]),
    )


def other_items(facts: Facts, words: Words) -> Others | None:
    """Return what is not due yet and what is contested or on hold; None when there is neither."""
    lists = (("not_due", facts["not_due"]), ("apart", facts["apart"]))
    filled = [
        (words.label(GROUP, name), [_row(line, words.language) for line in lines]) for name, lines in lists if lines
    ]
    return Others(filled) if filled else None


def payment_details(facts: Facts, words: Words, *, coded: bool) -> Payment | None:
    """Return how much to pay (an offer of instalments leaves that open), where, and what to quote; None without account and page."""
    asked = facts["transfer"]
    if not (asked.iban or asked.link):
        return None
    code = qr_code(asked) if coded else None
    values = {
        "amount_asked": words.amount(asked.amount, asked.currency) if asked.amount else "",
        "payee": asked.payee,
        "iban": facts["creditor"].iban,
        "bic": asked.bic if asked.iban else "",
        "reference": asked.reference,
    }
    spoken = {
        "amount": values["amount_asked"],
        "payee": asked.payee,
        "iban": values["iban"],
        "reference": asked.reference,
    }
    return Payment(
        rows=[(words.label(GROUP, label), value) for label, value in values.items() if value],
        link=(words.label(GROUP, "payment_link"), asked.link) if asked.link else None,
        code=code,
        scan=words.label(GROUP, "scan"),
        code_says=words.sentence(GROUP, "code_says", spoken) if code else "",
    )


def charge_details(facts: Facts, words: Words) -> Pairs | None:
    """Return principal, interest, fixed sum and their total; None when nothing is charged."""
    charges = facts["charges"]
    if not (charges.interest or charges.fixed_sum or charges.fees):
        return None
    values = {
        "principal": facts["asked"],
        "interest": charges.interest,
        "fixed_sum": charges.fixed_sum,
        "fees": charges.fees,
        "charged_total": charges.total,
    }
    return Pairs([(words.label(GROUP, code), value) for code, value in values.items() if value], summed=True)


def instalment_details(account: Account, words: Words, as_of: dt.date) -> Pairs:
    """Return the day and amount of each instalment that is offered."""
    parts = offered_instalments(account.asked, as_of)
    return Pairs([(words.long_date(day), words.amount(minor, account.currency)) for day, minor in parts])


def filled_columns(rows: Sequence[Row]) -> list[int]:
    """Return the places of the columns that have something to say in one of the rows."""
    return [at for at, cells in enumerate(zip(*rows, strict=True)) if any(cells)]


@lru_cache(maxsize=8)
def heads(language: str) -> Heads:
    """Return the headings of the statement."""
    words = for_language(language)
    return Heads(*(words.label(GROUP, code) for code in Heads._fields))


@lru_cache(maxsize=4096)
def days_late(language: str, days: int) -> str:
    """Return "12 jours", "1 day"; "" for what is not late."""
    return for_language(language).sentence(GROUP, "days_late", {"n": days}) if days > 0 else ""


@lru_cache(maxsize=4096)
def _invoice_name(language: str, kind: str, number: str) -> str:
    """Return the number, with what it is when it is no invoice or has none."""
    code = f"{kind}_numbered" if number else f"{kind}_unnumbered"
    return for_language(language).sentence(GROUP, code, {"number": number})


def _row(line: Line, language: str, *, always: bool = False) -> Row:
    return Row(
        invoice=_invoice_name(language, line.kind, line.number),
        issued=line.issued,
        due="" if line.kind != "invoice" else line.due,
        late=days_late(language, line.days_late) if line.kind == "invoice" else "",
        amount=line.amount if (always or line.part_paid) and line.kind == "invoice" else "",
        open=line.open,
    )
