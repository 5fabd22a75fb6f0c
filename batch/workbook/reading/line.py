"""One reviewed row being read: its cells' words, days and amounts, the events they make, and complaints that name the cell."""

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd

from batch.core.problem import Problem, Severity
from batch.core.records import About
from batch.words import for_language
from batch.workbook.layout import CHOICES
from batch.workbook.reading import typed
from batch.workbook.reading.reviewed import FoundSheet, Row

FARTHEST = dt.timedelta(days=730)  # a promise or a hold beyond is a slip of the year
EARLIEST = dt.timedelta(
    days=60
)  # before the oldest due date: notices go out early, reminders of the year before do not


@dataclass
class Line:
    """One row of Review or Calls, its account, and what has been made of it so far."""

    sheet: FoundSheet
    row: Row
    about: About
    key: tuple[str, str]  # debtor_id, currency
    today: dt.date | None = None  # nothing was done later than this; None: not known
    email: str = ""  # address typed over the ledger's
    understood: bool = True
    events: list[dict[str, object]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def typed(self, code: str) -> bool:
        """Return whether anything stands in the cell."""
        return typed.plain(self.row.values.get(code)) != ""

    def text(self, code: str) -> str:
        """Return the cell's text without spaces around it."""
        return typed.plain(self.row.values.get(code))

    def word(self, code: str) -> str:
        """Return the code of the word typed, "" for none; a word that is not offered is a complaint."""
        if not self.typed(code):
            return ""
        group, codes = CHOICES[code]
        found = typed.word(self.row.values[code], group, codes)
        if found is None:
            words = for_language(self.about.language)
            self.complain(
                "WORD-NOT-UNDERSTOOD", code, self.text(code), words=[words.label(group, one) for one in codes]
            )
        return found or ""

    def day(self, code: str) -> dt.date | None:
        """Return the day typed, None for none; what is no day is a complaint."""
        if not self.typed(code):
            return None
        found = typed.day(self.row.values[code], self.about.language)
        if found is None:
            self.complain("DATE-NOT-UNDERSTOOD", code, self.text(code))
        return found

    def coming_day(self, code: str) -> dt.date | None:
        """Return the day typed; one before the workbook's own day, or years after it, is a complaint: its year is wrong."""
        found, as_of = self.day(code), self.about.as_of
        if found and found < as_of:
            return self._instead("DATE-PASSED", code, found, as_of=as_of)
        return (
            self._instead("DATE-FAR", code, found, customer=self.key[0])
            if found and found > as_of + FARTHEST
            else found
        )

    def past_day(self, code: str) -> dt.date | None:
        """Return the day typed on which something was done; one that is still to come is a complaint."""
        found, today = self.day(code), self.today
        return self._instead("DATE-AHEAD", code, found, today=today) if found and today and found > today else found

    def reminded_day(self, code: str) -> dt.date | None:
        """Return the day typed of a step; one long before anything was late is a complaint: the step would not count."""
        found, late = self.past_day(code), self.row.values.get("days_late")
        if not found or not isinstance(late, int | float):
            return found
        first = self.about.as_of - dt.timedelta(max(late, 0)) - EARLIEST
        return self._instead("DATE-BEFORE", code, found) if found < first else found

    def _instead(self, problem: str, code: str, day: dt.date, **facts: object) -> dt.date | None:
        """Complain of a day, and return the one that counts: none."""
        self.complain(problem, code, for_language(self.about.language).date(day), **facts)
        return None

    def amount(self, code: str) -> int:
        """Return the amount typed in minor units, 0 for none; what is no amount above zero is a complaint."""
        if not self.typed(code):
            return 0
        found = typed.amount(self.row.values[code], self.key[1], self.about.language)
        if found is None:
            self.complain("AMOUNT-NOT-UNDERSTOOD", code, self.text(code))
        return found or 0

    def add(self, kind: str, *, on: dt.date | None = None, until: dt.date | None = None, **values: object) -> None:
        """Add an event of this account, on the workbook's own day unless another is given."""
        self.events.append({
            "at": pd.Timestamp(on or self.about.as_of), "debtor_id": self.key[0], "currency": self.key[1], "kind": kind,
            "until": pd.Timestamp(until) if until else pd.NaT, **values,
        })  # fmt: skip

    def complain(self, problem: str, code: str, excerpt: str = "", **facts: object) -> None:
        """Add a problem of a cell; the row is then not understood."""
        self.understood = False
        self._say(problem, Severity.ERROR, code, excerpt, facts)

    def note(self, problem: str, code: str, excerpt: str = "", **facts: object) -> None:
        """Add a remark about a cell; the row stays understood."""
        self._say(problem, Severity.INFO, code, excerpt, facts)

    def _say(self, problem: str, severity: Severity, code: str, excerpt: str, facts: dict[str, object]) -> None:
        source = self.sheet.source(self.row.number, code, excerpt)
        cell = {"cell": f"{source.column}{source.row}", "typed": excerpt}
        self.problems.append(Problem(problem, severity, source, cell | facts))
