"""What a spreadsheet program of another country makes of the dates and amounts of a csv, for the tests."""

import datetime as dt
import random
from collections.abc import Callable, Sequence

import numpy as np

from batch.core.calendar import Terms, due_days
from batch.ledger import Cell

HEADINGS = ["Client", "N° facture", "Date facture", "Échéance", "Solde"]


def american_import(day: dt.date) -> Cell:
    """Return what a program set to the United States makes of dd/mm/yyyy: a true date turned round, or the text it cannot take."""
    return dt.date(day.year, day.day, day.month) if day.day <= 12 else f"{day:%d/%m/%Y}"


def french_import(day: dt.date) -> Cell:
    """Return what a program set to France makes of mm/dd/yyyy."""
    return dt.date(day.year, day.day, day.month) if day.day <= 12 else f"{day:%m/%d/%Y}"


def invoices(count: int, seed: int, terms: Sequence[Terms]) -> list[tuple[dt.date, dt.date]]:
    """Return issue and due days over a year, in the order of issue."""
    chance = random.Random(seed)  # noqa: S311  chance makes ledgers, not keys
    issued = sorted(dt.date(2026, 1, 1) + dt.timedelta(chance.randrange(365)) for _ in range(count))
    return [(day, due_day(day, chance.choice(terms))) for day in issued]


def due_day(day: dt.date, terms: Terms) -> dt.date:
    """Return one due day."""
    found: dt.datetime = due_days(np.array([day], dtype="datetime64[s]"), terms)[0].item()
    return found.date()


def rows(
    days: Sequence[tuple[dt.date, dt.date]], written: Callable[[dt.date], Cell], *, number: str = "F{:04}"
) -> list[list[Cell]]:
    """Return the ledger's rows with both days as they are written, headings first."""
    body = [
        [f"Client {place % 7}", number.format(place), written(issued), written(due), 100.0 + place]
        for place, (issued, due) in enumerate(days)
    ]
    return [list(HEADINGS), *body]
