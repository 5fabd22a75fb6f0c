"""The day columns of the items → typed days, decided together: what one column leaves open, the others may tell.

A day is never guessed in silence: where orders are mixed or a spreadsheet program turned dates round, other columns repeat what
the date says (redundancy) and settle it, said with counts; else the file is refused with the remedy.
"""

from batch.core.problem import RelanceError, Severity
from batch.ledger.cells import dates
from batch.ledger.cells.datetexts import foreign_calendar
from batch.ledger.cells.dayviews import look
from batch.ledger.cells.daywork import DayWork
from batch.ledger.cells.mixeddays import settle_mixed
from batch.ledger.cells.redundancy import SECOND, sure, weigh
from batch.ledger.cells.sixfigures import ORDERS, is_open, surviving
from batch.ledger.cells.turneddays import settle_turned
from batch.words import Said

SLIGHT, MANY = 2, 20  # so few cells that show an order, among so many that do not
FOREIGN = 0.5  # of a column's filled cells, the share in another calendar from which the column is taken to be in it


def type_days(work: DayWork) -> None:
    """Fill `work.typed` and `work.orders`; an item whose needed day stays in doubt goes into `work.left_out`, with a Problem.

    RelanceError CALENDAR-FOREIGN, DATE-FIGURES-OPEN, DATE-ORDER-UNSETTLED or DATES-TURNED where nothing settles what the dates mean.
    """
    asked = work.reading.date_order
    if not asked:
        _refuse_open_figures(work)
    orders, assumed = dates.decide(work.columns, asked, work.reading.country, work.reading.as_of)
    work.orders.update(orders)
    work.typed.update({name: dates.read_days(cells, orders[name]) for name, cells in work.columns.items()})
    _refuse_foreign(work)
    if not any(dates.open_triples(cells) for cells in work.columns.values()):
        return
    work.views.update({name: look(cells, orders[name]) for name, cells in work.columns.items()})
    work.days.update({name: sure(column.day) for name, column in work.typed.items()})
    mixed = [name for name, view in work.views.items() if view.against.any()]
    if asked:
        _say_against(work, mixed)
    else:
        settle_mixed(work, mixed)
        _settle_assumed(work, [name for name in assumed or _by_a_hair(work) if name not in mixed])
    settle_turned(work)


def _refuse_open_figures(work: DayWork) -> None:
    """Refuse needed days in six figures that may begin with the day or with the year; a column that is sure tells the others."""
    kept = {name: orders for name, cells in work.columns.items() if (orders := surviving(cells, work.reading.as_of))}
    sure_ones = {orders[0] for orders in kept.values() if len(orders) == 1}
    for name in sorted(work.needed & kept.keys()):
        cells = work.columns[name]
        item = next((at for at, cell in enumerate(cells) if isinstance(cell, str) and is_open(cell)), None)
        if len(kept[name]) > 1 and len(sure_ones) != 1 and item is not None:
            one, other = (dates.read_day(cells[item], order) for order in ORDERS)
            facts = {"heading": work.table.heading(name), "one": one, "other": other}
            raise RelanceError("DATE-FIGURES-OPEN", work.findings.place(name, item, cells[item]), **facts)


def _refuse_foreign(work: DayWork) -> None:
    """Refuse a needed column that is written in another calendar than the Gregorian."""
    for name in sorted(work.needed & work.typed.keys()):
        cells, typed = work.columns[name], work.typed[name]
        names = {item: found for item in typed.unreadable if (found := foreign_calendar(str(cells[item])))}
        if names and len(names) >= FOREIGN * (len(typed.unreadable) + int(typed.given.sum())):
            item, calendar = next(iter(names.items()))
            place = work.findings.place(name, item, cells[item])
            raise RelanceError("CALENDAR-FOREIGN", place, calendar=Said("calendars", calendar, {}))


def _say_against(work: DayWork, mixed: list[str]) -> None:
    """Say which cells cannot be of the order that relance.toml gives."""
    for name in mixed:
        view = work.views[name]
        facts = {"heading": work.table.heading(name), "order": order_of(view.order), "n": int(view.against.sum())}
        work.findings.say("DATE-ORDER-AGAINST", Severity.WARNING, work.first(name, view.against), **facts)


def _by_a_hair(work: DayWork) -> list[str]:
    """Return the text columns when the one or two cells that decided them go against the country's habit, as slips of the pen do."""
    usual = dates.ORDER_OF_COUNTRY.get(work.reading.country, "dmy")
    written = {name: view.counts for name, view in work.views.items() if view.texts.any()}
    plain = sum(alone for alone, _, _ in written.values())
    both = sum(either for _, _, either in written.values())
    slight = plain <= SLIGHT and both >= MANY and all(work.orders[name] not in (usual, "ymd") for name in written)
    return list(written) if slight else []


def _settle_assumed(work: DayWork, assumed: list[str]) -> None:
    """Decide columns whose figures allow two orders by what repeats them, else by the country: both are said."""
    if not assumed:
        return
    facing = {name: work.views[name].days for name in assumed if work.orders[name] != "ymd"}
    verdict, witness = weigh(work.days | facing, work.cells)
    for name in facing if verdict == SECOND else ():
        work.take(name, facing[name].second)
        work.orders[name] = _other(work.orders[name])
    order, view = work.orders[assumed[0]], work.views[assumed[0]]
    where = work.first(assumed[0], view.open if view.open.any() else view.texts)
    facts = {"headings": work.headings(assumed), "order": order, "other": _other(order), "read_as": order_of(order)}
    if verdict:
        said = Said("witnesses", witness, {})
        work.findings.say("DATE-ORDER-SETTLED", Severity.INFO, where, witness=said, **facts)
    else:
        work.findings.say("DATE-ORDER-ASSUMED", Severity.WARNING, where, **facts)


def order_of(order: str) -> Said:
    """Return an order of day and month in words."""
    return Said("date_orders", order, {})


def _other(order: str) -> str:
    return "mdy" if order == "dmy" else "dmy"
