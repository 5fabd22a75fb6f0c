"""Sheets, columns, allowed words and their order: the contract that writing and reading back both import.

Codes are stable and English; what a person sees is made by words/ in the language of the settings. Reading back finds a
column by its heading in any language, so a code here, once released, keeps its heading.
"""

from dataclasses import dataclass

from batch.core.codes import STANDINGS

SHEETS = ("summary", "review", "calls", "letters", "problems", "about")

# A person's own words for a decision; the first four may also be proposed.
DECISIONS = ("send", "hold", "skip", "call", "closed")

# What a call brought. The code is the `meaning` of the event; a promise's day and amount stand beside it.
CALL_RESULTS = ("will_pay", "promise", "not_received", "disputes", "asks_time", "no_answer", "wrong_number")

# Steps that may have been taken by hand before; a task or a confirmation is none of them.
STEPS_DONE = (
    "courtesy", "reminder_1", "reminder_2", "resend_invoice", "plan_offer", "call", "meeting", "formal_notice", "lawyer",
    "bailiff", "agency", "court", "claim",
)  # fmt: skip

CALL_CHANNELS = ("call", "task")

# The mark in the first cell of the About sheet; the rows under it are fields of core.records.About.
MARK = "Relance"

# A sheet longer than this is no longer read by a person; the rest is counted on its last row.
LONGEST_PROBLEMS = 5000
# What Excel takes in one cell.
LONGEST_TEXT = 32767

HEADER_ROW = 3
FIRST_ROW = HEADER_ROW + 1


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its code, its width in characters, and how its cells look.

    kind: text, wrapped, money, number, percent, date. band: whose the column is: account (what is known), proposal (what
    Relance proposes), person (cells to type into), machine (grey; what reading back needs), problem (what was found).
    Headings are the words group `headings`.
    """

    code: str
    width: float
    kind: str = "text"
    band: str = "account"


REVIEW = (
    Column("debtor_id", 13),
    Column("currency", 7),
    Column("name", 28, "wrapped"),
    Column("standing", 17, "wrapped"),
    Column("confidence", 9.5, "percent"),
    Column("because", 46, "wrapped"),
    Column("overdue", 13, "money"),
    Column("open", 13, "money"),
    Column("days_late", 8, "number"),
    Column("step", 17, "wrapped", "proposal"),
    Column("channel", 10, "text", "proposal"),
    Column("reason", 36, "wrapped", "proposal"),
    Column("next_step", 17, "wrapped", "proposal"),
    Column("next_on", 11.5, "date", "proposal"),
    Column("subject", 34, "wrapped", "proposal"),
    Column("decision", 12, "text", "person"),
    Column("standing_typed", 18, "text", "person"),
    Column("email_typed", 26, "text", "person"),
    Column("step_done", 18, "text", "person"),
    Column("step_done_on", 11.5, "date", "person"),
    Column("hold_until", 13, "date", "person"),
    Column("promise_date", 13, "date", "person"),
    Column("promise_amount", 14, "money", "person"),
    Column("dispute", 18, "text", "person"),
    Column("note", 32, "wrapped", "person"),
    Column("step_code", 12, "text", "machine"),
    Column("standing_code", 12, "text", "machine"),
    Column("digest", 12, "text", "machine"),
    Column("numbers", 12, "text", "machine"),
    Column("decision_code", 12, "text", "machine"),
    Column("seal", 12, "text", "machine"),
)

CALLS = (
    Column("debtor_id", 13),
    Column("currency", 7),
    Column("name", 26, "wrapped"),
    Column("phone", 17),
    Column("contact", 18, "wrapped"),
    Column("caller", 12),
    Column("standing", 17, "wrapped"),
    Column("step", 17, "wrapped", "proposal"),
    Column("asked", 13, "money", "proposal"),
    Column("days_late", 8, "number", "proposal"),
    Column("talking_points", 58, "wrapped", "proposal"),
    Column("invoices", 36, "wrapped", "proposal"),
    Column("call_result", 20, "text", "person"),
    Column("call_on", 11.5, "date", "person"),
    Column("call_amount", 15, "money", "person"),
    Column("call_until", 11.5, "date", "person"),
    Column("call_note", 36, "wrapped", "person"),
    Column("step_code", 12, "text", "machine"),
    Column("seal", 12, "text", "machine"),
)

LETTERS = (
    Column("debtor_id", 13),
    Column("currency", 7),
    Column("name", 28, "wrapped"),
    Column("address", 36, "wrapped"),
    Column("step", 18, "wrapped", "proposal"),
    Column("channel", 10, "text", "proposal"),
    Column("asked", 13, "money", "proposal"),
    Column("days_late", 8, "number", "proposal"),
    Column("overdue_items", 9, "number", "proposal"),
    Column("subject", 48, "wrapped", "proposal"),
    Column("letter", 44, "wrapped", "proposal"),
)

PROBLEMS = (
    Column("severity", 13, "text", "problem"),
    Column("message", 62, "wrapped", "problem"),
    Column("hint", 62, "wrapped", "problem"),
    Column("place", 26, "wrapped", "problem"),
    Column("excerpt", 24, "wrapped", "problem"),
    Column("code", 26, "text", "problem"),
)

# What a sheet must show to be known again, whatever its name: the two key columns and one that only it has.
KEY = ("debtor_id", "currency")
REVIEW_MARKS = (*KEY, "decision")
CALLS_MARKS = (*KEY, "call_result")

# Columns that nobody but Relance writes, in the order of their marks in the row's seal.
REVIEW_SEALED = (*KEY, "step_code", "standing_code", "digest", "numbers", "decision_code")
CALLS_SEALED = (*KEY, "step_code")

# Columns with a drop-down, and the words group and codes it offers.
CHOICES = {
    "decision": ("decisions", DECISIONS),
    "standing_typed": ("standings", STANDINGS),
    "step_done": ("steps", STEPS_DONE),
    "call_result": ("call_results", CALL_RESULTS),
}


def letter(columns: tuple[Column, ...], code: str) -> str:
    """Return the spreadsheet letter of a column as it is written (a person may move it later)."""
    return letter_of([column.code for column in columns].index(code) + 1)


def letter_of(number: int) -> str:
    """Return the spreadsheet letter of a 1-based column: 1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
