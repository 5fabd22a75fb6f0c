"""The few values that pass between rooms and are not tables: the ledger that was read, the message that was rendered."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

import pandas as pd

from batch.core.problem import Problem
from batch.core.tables import ITEMS


@dataclass(frozen=True)
class ColumnUse:
    """One column of the file and what it was taken for; `why` is a code of words [column_why]."""

    column: str  # spreadsheet letter
    heading: str
    field: str  # "" = not used
    why: str  # named, word, general, likely; unknown, refused, own, empty for a column that is not used
    others: tuple[str, ...] = ()  # headings that claimed the field just as well
    tier: int = 0  # of the vocabulary's words for the field: 1 = the most specific; 0 = none of them


@dataclass(frozen=True)
class Reconciliation:
    """What became of the sum of the file's own column of balances or amounts, in minor units of one currency.

    `source` is summed from the typed column over every row, before any row is dropped; the parts come from what was built.
    """

    currency: str
    field: str  # open_balance or amount
    source: int
    taken: int  # sum of the items that were built
    left_out: int = 0  # rows that were not understood
    aside: int = 0  # rows that a status sets aside (drafts, cancelled)
    turned: int = 0  # credits written without a sign: source less what they count as
    unread: int = 0  # cells of the column that hold no amount: in none of the sums
    stated: int | None = None  # the file's own total; None = it has none that could be compared

    @property
    def difference(self) -> int:
        """What the parts do not explain; anything but 0 is a Problem."""
        return self.source - self.taken - self.left_out - self.aside - self.turned

    @property
    def agrees(self) -> bool:
        """Say whether nothing is unexplained and the file's own total, if any, is the sum of its rows."""
        return not self.difference and self.stated in (None, self.source)


@dataclass(frozen=True)
class ContactsFile:
    """The second file and how it was joined to the ledger's customers."""

    file: str
    sheet: str
    header_row: int
    columns: tuple[tuple[str, str, str], ...]  # (field, column letter, heading)
    rows: int  # rows with a customer
    joined: int  # customers of the ledger that are in it
    strangers: int  # rows of no customer of the ledger


@dataclass(frozen=True)
class LedgerFile:
    """Where a ledger came from and how much of it was understood."""

    file: str
    sha256: str
    sheet: str  # "" for csv and for a page with one table
    header_row: int  # 1-based row of the (last) heading row
    last_row: int  # 1-based last row of the table
    rows: int  # rows of the table under its headings, totals and blanks aside
    left_out: int  # rows that could not be understood (each has a Problem)
    newest_entry: dt.date | None  # latest issue or payment date in the file
    columns: tuple[tuple[str, str, str], ...] = ()  # (canonical field, column letter, heading) as they were matched
    has_email: bool = True  # False: neither the export nor the contacts file has an e-mail column
    aside: int = 0  # rows that a status sets aside
    totals: int = 0  # rows that are totals of others
    left_by: tuple[tuple[str, int], ...] = ()  # (code of the problem, rows left out for it)
    uses: tuple[ColumnUse, ...] = ()  # every column with a heading, in the file's order
    reconciliation: tuple[Reconciliation, ...] = ()  # one per currency
    contacts: ContactsFile | None = None


@dataclass(frozen=True)
class Ledger:
    """What `ledger/` made of an export: tables.ITEMS, DEBTORS, PAYMENTS, EVENTS (as `history`) and the problems found."""

    source: LedgerFile
    items: pd.DataFrame
    debtors: pd.DataFrame
    payments: pd.DataFrame
    history: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    gone: pd.DataFrame = field(
        default_factory=ITEMS.empty
    )  # ITEMS of earlier exports that count as settled (core/settled)


@dataclass(frozen=True)
class Image:
    """A picture inside the HTML of a message, which names it as `cid:` and its `cid`."""

    cid: str
    kind: str  # image/png
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Attachment:
    """A file that goes out with a message, as it was when the message was made."""

    name: str  # what the reader sees
    kind: str  # application/pdf
    size: int  # bytes
    sha256: str  # of the content; what differs when the mail is made does not leave
    path: str

    @property
    def listed(self) -> dict[str, object]:
        """The facts by which people know it: name, and size in thousands of bytes."""
        return {"name": self.name, "size": max(1, round(self.size / 1000))}


@dataclass(frozen=True)
class Message:
    """One rendered reminder for one account; `digest` changes when a word of subject or text, or an attached file, changes.

    A message that waits for a missing file has no digest, and so cannot be approved.
    """

    debtor_id: str
    currency: str
    step: str
    language: str
    subject: str
    text: str
    html: str
    digest: str
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    held: bool = False  # waits for a missing file
    problems: tuple[Problem, ...] = ()  # what could not be attached
    # What its letter is drawn from (messages/paper); "" = no letter goes with it.
    paper: str = field(default="", repr=False)

    @property
    def anchor(self) -> str:
        """Where the message stands in preview.html: the same for an account in every run, and nothing but letters and digits.

        Programs disagree on how to write any other character behind the # of a link.
        """
        return hashlib.sha256(f"{self.debtor_id}\n{self.currency}".encode()).hexdigest()[:16]


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
