"""A Book and the Ledger read from it → the ledger sheet's cells with true numbers and dates, to be written as a plain sheet."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from batch.core.currencies import minor_units
from batch.core.records import Ledger
from batch.ledger.cells import amounts, dates
from batch.ledger.files.sheets import Book, Cell, Sheet
from batch.ledger.table.columns import DAY_FIELDS, MONEY_FIELDS, place_of
from batch.ledger.values import stripped

Columns = Mapping[str, Sequence[Cell]]

_USUAL_UNIT = 2
_EXACT = 6  # decimals kept of an amount written as a number
_EXACT_UNIT = 1_000_000
_DAY_OF_ITEM = {
    "due_date": "due",
    "issue_date": "issued",
    "payment_date": "paid_on",
    "sent_date": "sent_on",
    "hold_until": "hold_until",
}
_AMOUNT_OF_ITEM = {"open_balance": "open", "amount": "amount"}
_COUNTRIES = ("FR", "US", "CN")  # one for each order that a country can stand for


def typed_rows(book: Book, ledger: Ledger) -> list[list[Cell]]:
    """Return the ledger sheet's rows, amounts and dates of the matched columns as numbers and dates, all else as it was.

    Reading the result gives the same items. A column stays text where turning it would lose something: a currency sign
    beside the amounts, or an unreadable cell that another style could read.
    """
    sheet = _sheet(book, ledger)
    start = ledger.source.header_row
    places = {name: place_of(letter) for name, letter, _ in ledger.source.columns}
    below = sheet.rows[start:]
    columns = {
        name: stripped([row[place] for row in below])
        for name, place in places.items()
        if name in (*MONEY_FIELDS, *DAY_FIELDS)
    }
    money = {name: columns[name] for name in MONEY_FIELDS if name in columns}
    days = {name: columns[name] for name in DAY_FIELDS if name in columns}
    rows = [list(row) for row in sheet.rows]
    if "currency" in places or not _marked(money):
        _put(rows, start, places, _numbers(money, ledger, start))
    _put(rows, start, places, _dates(days, ledger, start))
    return rows


def _sheet(book: Book, ledger: Ledger) -> Sheet:
    return next((sheet for sheet in book.sheets if sheet.name == ledger.source.sheet), book.sheets[0])


def _put(rows: list[list[Cell]], start: int, places: Mapping[str, int], columns: Mapping[str, list[Cell]]) -> None:
    for name, cells in columns.items():
        place = places[name]
        for row, cell in zip(rows[start:], cells, strict=True):
            if not isinstance(cell, str):
                row[place] = cell


def _marked(columns: Columns) -> bool:
    """Say whether a currency stands beside any amount."""
    return any(amounts.currency_of(text) for cells in columns.values() for text in amounts.texts_of(cells))


def _item_places(ledger: Ledger, start: int) -> list[int]:
    return (ledger.items["source_row"].to_numpy() - start - 1).tolist()


def _numbers(columns: Columns, ledger: Ledger, start: int) -> dict[str, list[Cell]]:
    """Return the money columns as numbers, in the style in which they give the ledger's amounts."""
    at = _item_places(ledger, start)
    items = {name: [cells[place] for place in at] for name, cells in columns.items()}
    styles = (amounts.decide(items, asked)[0] for asked in ("", *amounts.DECIMALS))
    style = next((each for each in styles if _gives_amounts(items, each, ledger)), None)
    if style is None or any(
        _readable_otherwise(style[name], amounts.DECIMALS, amounts.parse, amounts.texts_of(cells))
        for name, cells in columns.items()
    ):
        return {}
    return {name: _each(cells, partial(_number, mark=style[name])) for name, cells in columns.items()}


def _gives_amounts(items: Columns, style: Mapping[str, str], ledger: Ledger) -> bool:
    units = {code: minor_units(code) for code in ledger.items["currency"].unique()}
    if not _gives_movements(items, style, ledger):
        return False
    usual = np.array([units[code] for code in ledger.items["currency"].tolist()], dtype="int64")
    for name, column in _AMOUNT_OF_ITEM.items():
        if name in items:
            for unit in set(units.values()):
                read = amounts.read_amounts(items[name], style[name], unit)
                compared = read.given & (usual == unit)
                if (np.abs(read.minor) != np.abs(ledger.items[column].to_numpy()))[compared].any():
                    return False
    return True


def _gives_movements(items: Columns, style: Mapping[str, str], ledger: Ledger) -> bool:
    """Say whether debit less credit is each item's amount, in a currency of two decimals (others are compared as whole texts)."""
    sides = [name for name in ("debit", "credit", "movement") if name in items]
    if not sides or any(minor_units(code) != _USUAL_UNIT for code in ledger.items["currency"].unique()):
        return not sides
    read = [amounts.read_amounts(items[name], style[name]).minor for name in sides]
    summed = np.abs(read[0]) - np.abs(read[1]) if len(read) > 1 else read[0]
    return bool((np.abs(summed) == np.abs(ledger.items["amount"].to_numpy())).all())


def _number(text: str, mark: str) -> Cell:
    exact = amounts.parse(text, mark, _EXACT)
    if exact is None or abs(exact) > amounts.LARGEST * 10 ** (_EXACT - 2):
        return text
    whole, part = divmod(exact, _EXACT_UNIT)
    return whole if part == 0 else exact / _EXACT_UNIT


def _dates(columns: Columns, ledger: Ledger, start: int) -> dict[str, list[Cell]]:
    """Return the date columns as dates, in the orders in which they give the ledger's days; all of them or none."""
    at = _item_places(ledger, start)
    items = {name: [cells[place] for place in at] for name, cells in columns.items()}
    tries = [("", country) for country in _COUNTRIES] + [(order, "") for order in dates.ORDERS]
    orders = (dates.decide(items, asked, country)[0] for asked, country in tries)
    order = next((each for each in orders if _gives_days(items, each, ledger)), None)
    if order is None or any(
        _readable_otherwise(order[name], dates.ORDERS, dates.read_day, _date_texts(cells))
        for name, cells in columns.items()
    ):
        return {}
    return {name: _each(cells, partial(_day, order=order[name])) for name, cells in columns.items()}


def _day(text: str, order: str) -> Cell:
    return dates.read_day(text, order) or text


def _date_texts(cells: Sequence[Cell]) -> list[str]:
    return [cell for cell in set(cells) if isinstance(cell, str) and not dates.no_date(cell)]


def _gives_days(items: Columns, orders: Mapping[str, str], ledger: Ledger) -> bool:
    for name, column in _DAY_OF_ITEM.items():
        if name in items:
            read = dates.read_days(items[name], orders[name])
            wanted = ledger.items[column].to_numpy().astype("datetime64[s]")
            compared = read.given & ~np.isnat(wanted)
            if (read.day != wanted)[compared].any():
                return False
    return True


def _readable_otherwise(
    chosen: str, styles: Sequence[str], read: Callable[[str, str], object], texts: Sequence[str]
) -> bool:
    """Say whether a text that the chosen style cannot read could be read in another: left alone it would then be read so."""
    return any(read(text, chosen) is None and any(read(text, style) is not None for style in styles) for text in texts)


def _each(cells: Sequence[Cell], turn: Callable[[str], Cell]) -> list[Cell]:
    """Turn the texts of a column, each distinct one once."""
    known = {cell: turn(cell) for cell in set(cells) if isinstance(cell, str) and cell}
    return [known.get(cell, cell) if isinstance(cell, str) else cell for cell in cells]
