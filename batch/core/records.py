"""The few values that pass between rooms and are not tables: the ledger that was read, the message that was rendered."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from batch.core.problem import Problem


@dataclass(frozen=True)
class LedgerFile:
    """Where a ledger came from and how much of it was understood."""

    file: str
    sha256: str
    sheet: str  # "" for csv
    header_row: int  # 1-based row of the (last) heading row
    last_row: int  # 1-based last row of the table
    rows: int  # rows of the table under its headings, totals and blanks aside
    left_out: int  # rows that could not be understood (each has a Problem)
    newest_entry: dt.date | None  # latest issue or payment date in the file
    columns: tuple[tuple[str, str, str], ...] = ()  # (canonical field, column letter, heading) as they were matched
    has_email: bool = True  # False: the export has no e-mail column at all


@dataclass(frozen=True)
class Ledger:
    """What `ledger/` made of an export: tables.ITEMS, DEBTORS, PAYMENTS, EVENTS (as `history`) and the problems found."""

    source: LedgerFile
    items: pd.DataFrame
    debtors: pd.DataFrame
    payments: pd.DataFrame
    history: pd.DataFrame
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Message:
    """One rendered reminder for one account; `digest` changes when a word of subject or text changes."""

    debtor_id: str
    currency: str
    step: str
    language: str
    subject: str
    text: str
    html: str
    digest: str


@dataclass(frozen=True)
class About:
    """The facts of a run that its workbook carries, so that `send` can find its way back."""

    version: str
    as_of: dt.date
    company: str
    journal_id: str
    journal_position: int  # events known when the plan was made
    settings_path: str  # "" when no relance.toml was used
    ledger_file: str
    ledger_sheet: str
    ledger_sha256: str
    language: str
