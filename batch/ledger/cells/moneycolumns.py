"""The money columns of the items → minor units, their decimal marks decided together; a factor of a thousand is never guessed in silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from batch.core.currencies import minor_units
from batch.core.policy import Reading
from batch.core.problem import Money, RelanceError, Severity
from batch.ledger.cells import amounts
from batch.ledger.cells.amounts import Amounts, parse, texts_of
from batch.ledger.files.sheets import Cell
from batch.ledger.table.findings import Findings
from batch.ledger.table.header import Table

MOST_LEFT_OUT = 0.05  # of the rows, the share that may be left out as doubtful before the file is refused

_USUAL_UNIT = 2
_OTHER = {",": ".", ".": ","}
_NOTHING = 1e-3  # of a minor unit: what binary fractions and sums of them add


@dataclass(frozen=True)
class MoneyColumns:
    """The columns in work: their cells by field, the items' currencies, and the items left out because an amount is in doubt."""

    table: Table
    columns: Mapping[str, Sequence[Cell]]
    currencies: Sequence[str]
    reading: Reading
    findings: Findings
    left_out: set[int] = field(default_factory=set)


def type_money(work: MoneyColumns) -> tuple[dict[str, Amounts], dict[str, str]]:
    """Return the typed columns and their decimal marks.

    RelanceError DECIMAL-DISPUTED or AMOUNTS-HALF-TURNED where an amount could be a thousand times another and nothing tells.
    """
    decided, assumed = amounts.decide(work.columns, work.reading.decimal)
    for name in assumed:
        facts = {"heading": work.table.heading(name), "decimal": decided[name], "other": _OTHER[decided[name]]}
        text = next(text for text in texts_of(work.columns[name]) if _differs(text))
        where = work.findings.place(name, _place(work, name, text)[0], text)
        work.findings.say("DECIMAL-ASSUMED", Severity.WARNING, where, **facts)
    texts = {name: _marked(cells) for name, cells in work.columns.items()}
    odd = {name: [text for text in found if not amounts.is_plain(text, decided[name])] for name, found in texts.items()}
    for name, written in texts.items():
        if written and not work.reading.decimal:
            if name not in assumed and len(odd[name]) == len(written):
                _refuse_thousandths(work, name, written, decided[name])
            _refuse_half_turned(work, name, written)
            _settle_mixed(work, name, odd[name], decided[name])
    typed = {name: _amounts(cells, decided[name], work.currencies) for name, cells in work.columns.items()}
    for name, cells in work.columns.items():
        _say_rounded(work, name, cells, odd[name], decided[name])
    return typed, decided


def _marked(cells: Sequence[Cell]) -> list[str]:
    """Return the distinct texts of a column that hold a mark of decimals or thousands."""
    return [text for text in texts_of(cells) if "," in text or "." in text]


def _place(work: MoneyColumns, name: str, wanted: Cell) -> tuple[int, str]:
    """Return the first item with this cell, and its currency."""
    item = next(item for item, cell in enumerate(work.columns[name]) if cell == wanted)
    return item, work.currencies[item]


def _dispute(work: MoneyColumns, name: str, text: str) -> RelanceError:
    item, currency = _place(work, name, text)
    one, other = (Money(parse(text, mark, minor_units(currency)) or 0, currency) for mark in amounts.DECIMALS)
    source = work.findings.place(name, item, text)
    return RelanceError("DECIMAL-DISPUTED", source, heading=work.table.heading(name), one=one, other=other)


def _refuse_thousandths(work: MoneyColumns, name: str, texts: Sequence[str], mark: str) -> None:
    """Refuse a column that another column's mark would turn into thousandths: 1.234 beside 12.50, all with three figures."""
    marked = [text for text in texts if mark in text]
    doubtful = [text for text in marked if _differs(text)]
    if marked and len(doubtful) == len(marked) and set(amounts.styles(texts)) == set(amounts.DECIMALS):
        raise _dispute(work, name, doubtful[0])


def _refuse_half_turned(work: MoneyColumns, name: str, texts: Sequence[str]) -> None:
    """Refuse numbers that are all thousandths beside texts that a spreadsheet program could not turn into numbers."""
    numbers = np.array([cell for cell in work.columns[name] if isinstance(cell, float)])
    broken = numbers[_distance(numbers) > _NOTHING / 100]
    if not len(broken) or not _thousandths(broken).all():
        return
    example = next((text for text in texts if len({parse(text, mark) for mark in amounts.DECIMALS} - {None}) == 1), "")
    if not example:
        return
    item, _ = _place(work, name, example)
    source = work.findings.place(name, item, example)
    mark = next(mark for mark in amounts.DECIMALS if parse(example, mark) is not None)
    raise RelanceError("AMOUNTS-HALF-TURNED", source, heading=work.table.heading(name), n=len(broken), decimal=mark)


def _thousandths(numbers: np.ndarray) -> np.ndarray:
    """Say which numbers have exactly three decimals."""
    exact: np.ndarray = (_distance(numbers * 1000) <= _NOTHING) & (_distance(numbers * 100) > _NOTHING)
    return exact


def _distance(numbers: np.ndarray) -> np.ndarray:
    away: np.ndarray = np.abs(numbers - np.rint(numbers))
    return away


def _differs(text: str) -> bool:
    """Say whether both marks read the text, and differently."""
    comma, point = (parse(text, mark) for mark in amounts.DECIMALS)
    return comma is not None and point is not None and comma != point


def _settle_mixed(work: MoneyColumns, name: str, texts: Sequence[str], mark: str) -> None:
    """Leave out what could be of either style in a column that mixes them; refuse it when that is much."""
    against = {text for text in texts if parse(text, mark) is None and parse(text, _OTHER[mark]) is not None}
    if not against:
        return
    doubtful = {text for text in texts if _differs(text)}
    cells = work.columns[name]
    items = [item for item, cell in enumerate(cells) if isinstance(cell, str) and cell in doubtful]
    if len(items) > MOST_LEFT_OUT * len(cells):
        raise _dispute(work, name, str(cells[items[0]]))
    strange = [item for item, cell in enumerate(cells) if isinstance(cell, str) and cell in against]
    where = work.findings.place(name, strange[0], cells[strange[0]])
    facts = {
        "heading": work.table.heading(name),
        "decimal": mark,
        "other": _OTHER[mark],
        "doubtful": len(items) or None,
    }
    work.findings.say("AMOUNT-STYLES-MIXED", Severity.WARNING, where, n=len(strange), **facts)
    work.findings.cells("AMOUNT-DOUBTFUL", Severity.ERROR, name, items, cells)
    work.left_out.update(items)


def _amounts(cells: Sequence[Cell], decimal: str, currencies: Sequence[str]) -> Amounts:
    """Type one money column, each row in the minor unit of its currency."""
    units = {code: minor_units(code) for code in set(currencies)}
    unusual = {code: unit for code, unit in units.items() if unit != _USUAL_UNIT}
    typed = amounts.read_amounts(cells, decimal)
    for code, unit in unusual.items():
        rows = [row for row, each in enumerate(currencies) if each == code]
        typed.minor[rows] = amounts.read_amounts([cells[row] for row in rows], decimal, unit).minor
    return typed


def _say_rounded(work: MoneyColumns, name: str, cells: Sequence[Cell], texts: Sequence[str], mark: str) -> None:
    """Count the amounts that have more decimals than their currency, beyond what binary fractions add."""
    units = {code: minor_units(code) for code in set(work.currencies)}
    least = min(units.values(), default=_USUAL_UNIT)
    numbers = (
        cells if set(map(type, cells)) == {float} else [cell if isinstance(cell, float) else 0.0 for cell in cells]
    )
    floats = np.array(numbers, dtype="float64")
    broken = _distance(floats * 10.0**least) > _NOTHING
    long = {text for text in texts if mark in text and _is_long(text, mark, least)}
    if not long and not broken.any():
        return
    items = [
        item
        for item in sorted(set(range(len(cells))) - work.left_out)
        if (broken[item] and _distance(floats[item : item + 1] * 10.0 ** units[work.currencies[item]])[0] > _NOTHING)
        or (cells[item] in long and _is_long(str(cells[item]), mark, units[work.currencies[item]]))
    ]
    if items:
        where = work.findings.place(name, items[0], cells[items[0]])
        work.findings.say(
            "AMOUNT-ROUNDED", Severity.INFO, where, heading=work.table.heading(name), n=len(items), field=name
        )


def _is_long(text: str, mark: str, unit: int) -> bool:
    """Say whether the text has decimals beyond the unit that are more than the dust of binary fractions."""
    exact = parse(text, mark, unit + 4)
    return exact is not None and min(exact % 10_000, -exact % 10_000) > 10_000 * _NOTHING
