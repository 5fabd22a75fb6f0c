"""The matched columns of money and days → typed columns, each decided as a whole; and the sheet again with typed cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from batch.core.policy import Reading
from batch.core.problem import Severity
from batch.core.tables import minor_units
from batch.ledger import amounts, dates
from batch.ledger.amounts import Amounts
from batch.ledger.columns import DAY_FIELDS, MONEY_FIELDS
from batch.ledger.dates import Days
from batch.ledger.findings import Findings
from batch.ledger.header import Table
from batch.ledger.sheets import Cell
from batch.ledger.values import currency, mapped, texts
from batch.ledger.vocabulary import vocabulary

# Without these the item's sum or age would be wrong: an unreadable cell leaves the row out. Elsewhere it counts as blank.
NEEDED = frozenset({"open_balance", "amount", "amount_paid", "due_date", "issue_date"})

_USUAL_UNIT = 2
_WORD = re.compile(r"[A-Z]{3}|[€$£¥]")


@dataclass(frozen=True)
class Typed:
    """The items' typed columns by field, their currencies, which items have an unreadable cell, and the styles decided."""

    money: Mapping[str, Amounts]
    days: Mapping[str, Days]
    currencies: list[str]
    unreadable: np.ndarray
    decimals: Mapping[str, str]
    orders: Mapping[str, str]


def type_columns(
    table: Table, cells: Mapping[str, list[Cell]], count: int, reading: Reading, findings: Findings
) -> Typed:
    """Type the money and day columns of the items; unreadable cells and assumed styles become Problems."""
    money_cells = {name: cells[name] for name in MONEY_FIELDS if name in cells}
    day_cells = {name: cells[name] for name in DAY_FIELDS if name in cells}
    currencies = _currencies(table, cells, money_cells, reading, findings)
    decimals = _decimals(table, money_cells, reading, findings)
    orders = _orders(table, day_cells, reading, findings)
    money = {name: _amounts(column, decimals[name], currencies) for name, column in money_cells.items()}
    days = {name: dates.read_days(column, orders[name]) for name, column in day_cells.items()}
    needed = NEEDED if "open_balance" in money else NEEDED | {"payment_date"}
    unreadable = np.zeros(count, dtype=bool)
    for code, columns in (("AMOUNT-UNREADABLE", money), ("DATE-UNREADABLE", days)):
        for name, column in columns.items():
            if not column.unreadable:
                continue
            if name in needed:
                unreadable[list(column.unreadable)] = True
                findings.cells(code, Severity.ERROR, name, column.unreadable, cells[name])
            else:
                findings.cells("DATE-IGNORED", Severity.WARNING, name, column.unreadable, cells[name])
    return Typed(money, days, currencies, unreadable, decimals, orders)


def _decimals(
    table: Table, columns: Mapping[str, Sequence[Cell]], reading: Reading, findings: Findings
) -> dict[str, str]:
    decided, assumed = amounts.decide(columns, reading.decimal)
    for name in assumed:
        heading = table.headings[table.match.columns[name]]
        findings.say(
            "DECIMAL-ASSUMED",
            Severity.WARNING,
            heading=heading,
            decimal=decided[name],
            other="," if decided[name] == "." else ".",
        )
    return decided


def _orders(
    table: Table, columns: Mapping[str, Sequence[Cell]], reading: Reading, findings: Findings
) -> dict[str, str]:
    decided, assumed = dates.decide(columns, reading.date_order, reading.country)
    if assumed:
        headings = ", ".join(table.headings[table.match.columns[name]] for name in assumed)
        order = decided[assumed[0]]
        findings.say(
            "DATE-ORDER-ASSUMED",
            Severity.WARNING,
            headings=headings,
            order=order,
            other="mdy" if order == "dmy" else "dmy",
        )
    for name, cells in columns.items():
        triples = dates.open_triples(cells)
        if dates.is_mixed(triples, decided[name]):
            heading = table.headings[table.match.columns[name]]
            findings.say("DATE-ORDER-MIXED", Severity.WARNING, heading=heading, order=decided[name])
    return decided


def _currencies(
    table: Table,
    cells: Mapping[str, list[Cell]],
    money: Mapping[str, Sequence[Cell]],
    reading: Reading,
    findings: Findings,
) -> list[str]:
    """Return each item's currency: by column, by the sign beside its amounts, by the heading (Montant EUR), by settings."""
    if "currency" in cells:
        column = texts(cells["currency"])
        known = mapped(column, currency)
        unknown = [item for item, (text, code) in enumerate(zip(column, known, strict=True)) if text and not code]
        findings.cells("CURRENCY-UNKNOWN", Severity.WARNING, "currency", unknown, cells["currency"])
        return [code or reading.currency for code in known]
    default = next(
        (code for name in money if (code := _in_heading(table.headings[table.match.columns[name]]))), reading.currency
    )
    marks = {
        text: code
        for column in money.values()
        for text in amounts.texts_of(column)
        if (code := _marked(text, reading.currency))
    }
    if len(set(marks.values())) == 1:  # one sign in the file speaks for the rows without it
        default, marks = next(iter(marks.values())), {}
    found = [default] * max(map(len, money.values()), default=0)
    for amounts_column in money.values() if marks else ():
        found = [marks.get(str(cell), before) for cell, before in zip(amounts_column, found, strict=True)]
    return found


def _marked(text: str, usual: str) -> str:
    """Return the currency beside an amount; a bare $ is the settings' own dollar when they name one."""
    if text[-1:].isdigit() and text[:1].isdigit():
        return ""
    if text.strip("()- \u00a0\u202f+0123456789.,") == "$" and usual.endswith("D"):
        return usual
    return amounts.currency_of(text)


def _in_heading(heading: str) -> str:
    known = vocabulary().codes("currencies")
    return next((known[word.lower()] for word in _WORD.findall(heading) if word.lower() in known), "")


def _amounts(cells: Sequence[Cell], decimal: str, currencies: Sequence[str]) -> Amounts:
    """Type one money column, each row in the minor unit of its currency."""
    units = {code: minor_units(code) for code in set(currencies)}
    unusual = {code: unit for code, unit in units.items() if unit != _USUAL_UNIT}
    typed = amounts.read_amounts(cells, decimal)
    for code, unit in unusual.items():
        rows = [row for row, each in enumerate(currencies) if each == code]
        typed.minor[rows] = amounts.read_amounts([cells[row] for row in rows], decimal, unit).minor
    return typed
