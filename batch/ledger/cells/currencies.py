"""The items' cells and headings → each item's currency: by column, by the sign beside its amounts, by heading, by number format, by settings."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from batch.core.policy import Reading
from batch.core.problem import RelanceError, Severity
from batch.ledger.cells import amounts
from batch.ledger.cells.formats import currencies_of_cells
from batch.ledger.files.sheets import Cell
from batch.ledger.table.columns import letter
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table
from batch.ledger.values import currency, mapped, texts
from batch.ledger.vocabulary import vocabulary

_WORD = re.compile(r"[A-Z]{3}|[€$£¥]")


def currencies_of(
    table: Table,
    cells: Mapping[str, Sequence[Cell]],
    money: Mapping[str, Sequence[Cell]],
    reading: Reading,
    findings: Findings,
) -> tuple[list[str], list[int]]:
    """Return each item's currency, and the items to be left out because their amounts name two; what is taken on trust is said.

    A currency column goes before all. Else what stands beside each amount (a sign in its text, or one that its number format
    shows), then the headings ("Montant EUR"), then the settings. One currency named in the file speaks for the rows that name
    none: CURRENCY-PARTLY counts them when it is not the settings' own and these do not say it of such rows (blank_currency).
    RelanceError CURRENCY-HEADINGS when the headings of the amounts name two.
    """
    if "currency" in cells:
        return _by_column(cells["currency"], reading, findings), []
    count = max(map(len, money.values()), default=0)
    default = _by_heading(table, money, reading, findings)
    marked = _by_sign(money, count, reading) or _by_format(table, money, count, default, findings)
    codes = {code for row in marked for code in row}
    if not codes:
        return [default] * count, []
    if disputed := [item for item, row in enumerate(marked) if len(row) > 1]:
        findings.cells("CURRENCY-DISPUTED", Severity.ERROR, next(iter(money)), disputed, next(iter(money.values())))
    usual = reading.blank_currency or (next(iter(codes)) if len(codes) == 1 else default)
    bare = [
        item for item, row in enumerate(marked) if not row and any(_owed(column[item]) for column in money.values())
    ]
    if bare and codes != {reading.currency} and not reading.blank_currency:
        where = findings.place(next(iter(money)), bare[0])
        findings.say("CURRENCY-PARTLY", Severity.WARNING, where, n=len(bare), currency=usual, named=sorted(codes))
    return [next(iter(row)) if row else usual for row in marked], disputed


def _by_column(cells: Sequence[Cell], reading: Reading, findings: Findings) -> list[str]:
    column = texts(cells)
    known = mapped(column, currency)
    unknown = [item for item, (text, code) in enumerate(zip(column, known, strict=True)) if text and not code]
    findings.cells("CURRENCY-UNKNOWN", Severity.WARNING, "currency", unknown, cells)
    named = sorted(set(known) - {""})
    said = bool(reading.blank_currency) or named in ([], [reading.currency])
    if (blank := known.count("") - len(unknown)) and not said:
        where = findings.place("currency", column.index("") if "" in column else 0)
        findings.say("CURRENCY-PARTLY", Severity.INFO, where, n=blank, currency=reading.currency, named=named)
    usual = reading.blank_currency or reading.currency
    return [code or usual for code in known]


def _by_heading(table: Table, money: Mapping[str, Sequence[Cell]], reading: Reading, findings: Findings) -> str:
    headings = [table.heading(name) for name in money]
    named = {heading: code for heading in headings if (code := _in_heading(heading))}
    if len(set(named.values())) > 1:
        taken = next(iter(named.values()))
        other = next(name for name, heading in zip(money, headings, strict=True) if named.get(heading, taken) != taken)
        facts = {"headings": list(named), "currency": taken, "field": other}
        raise RelanceError("CURRENCY-HEADINGS", findings.heading(other), **facts)
    return next(iter(named.values()), reading.currency)


def _by_sign(money: Mapping[str, Sequence[Cell]], count: int, reading: Reading) -> list[frozenset[str]]:
    """Return the currencies whose signs stand beside each item's amounts, [] when none does."""
    marks = {
        text: frozenset({code})
        for column in money.values()
        for text in amounts.texts_of(column)
        if (code := _marked(text, reading.currency))
    }
    if not marks:
        return []
    found: list[frozenset[str]] = [frozenset()] * count
    for column in money.values():
        found = [
            before | marks[cell] if isinstance(cell, str) and cell in marks else before
            for cell, before in zip(column, found, strict=True)
        ]
    return found


def _by_format(
    table: Table, money: Mapping[str, Sequence[Cell]], count: int, default: str, findings: Findings
) -> list[frozenset[str]]:
    """Return the currencies that the number formats of each item's amounts show, [] when they show none but the default."""
    columns = {name: letter(table.match.columns[name]) for name in money}
    shown = currencies_of_cells(findings.path, table.sheet.name, columns, default)
    if not shown:
        return []
    found = [
        frozenset(
            code
            for name, column in money.items()
            if (code := shown[name].get(findings.row(item), ""))
            and isinstance(column[item], (int, float))
            and column[item]
        )
        for item in range(count)
    ]
    times = Counter(code for row in found for code in row)
    if times:
        where = findings.place(next(iter(money)), next(item for item, row in enumerate(found) if row))
        findings.say("CURRENCY-BY-FORMAT", Severity.INFO, where, named=sorted(times), n=sum(map(bool, found)))
    return found


def _owed(cell: Cell) -> bool:
    """Say whether the cell holds more than a blank or a zero, whose currency does not matter."""
    return any(figure in "123456789" for figure in str(cell))


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
