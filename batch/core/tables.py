"""The columns, dtypes and units of every table: the one contract that all rooms share.

Money is int64 in minor units of the row's currency, dates are datetime64[s] without time zone, texts are never missing
("" stands for unknown), missing dates are NaT. A stage returns a new table keyed by `item_id`, by `debtor_id` or by account
(`debtor_id`, `currency`); it never adds columns to somebody else's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

TEXT = "str"
MONEY = "int64"
COUNT = "int64"
DAY = "datetime64[s]"
FLAG = "bool"
FIGURE = "float64"

ACCOUNT = ["debtor_id", "currency"]

# Headings of the columns that Relance adds to the ledger sheet start with this mark, in every language; a column whose
# heading starts with it is Relance's own and is never read back as history.
OWN_HEADING = "Relance · "


@dataclass(frozen=True)
class Table:
    """The form of one table: its name and the dtype of each column, in order."""

    name: str
    columns: Mapping[str, str]

    def empty(self) -> pd.DataFrame:
        """Return the table without rows."""
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in self.columns.items()})

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with exactly these columns, in order and in their dtypes, and rows numbered from 0.

        Raises ValueError when a column is missing, is foreign, or does not fit its dtype: that is a bug, never bad input.
        """
        if missing := [name for name in self.columns if name not in frame.columns]:
            raise ValueError(f"table {self.name}: missing {missing}")
        if foreign := [name for name in frame.columns if name not in self.columns]:
            raise ValueError(f"table {self.name}: foreign {foreign}")
        typed = frame[list(self.columns)].reset_index(drop=True)
        dtypes = dict(typed.dtypes)
        other = {name: dtype for name, dtype in self.columns.items() if dtypes[name] != dtype}
        texts = {name: "" for name, dtype in self.columns.items() if dtype == TEXT and typed[name].hasnans}
        typed = typed.fillna(texts) if texts else typed
        return typed.astype(other) if other else typed


ITEMS = Table("items", {
    "item_id": TEXT,          # debtor|kind|number|due|occurrence (core/item_key); never the row number, so it survives the next export
    "debtor_id": TEXT,
    "kind": TEXT,             # invoice, credit_note, payment
    "number": TEXT,
    "issued": DAY,
    "due": DAY,
    "sent_on": DAY,           # the day the invoice itself was sent, when the export has it
    "amount": MONEY,          # original amount including tax; credits are negative
    "open": MONEY,            # still open; credits are negative
    "currency": TEXT,         # ISO 4217
    "paid_on": DAY,
    "payment_mode": TEXT,     # "", transfer, cheque, direct_debit, bill_of_exchange, card
    "disputed": FLAG,
    "hold_until": DAY,
    "retention": FLAG,        # guarantee withheld (retenue de garantie)
    "reference": TEXT,        # the customer's purchase order
    "note": TEXT,             # the ledger's own comment
    "source_sheet": TEXT,
    "source_row": COUNT,      # 1-based row in the sheet
})  # fmt: skip

DEBTORS = Table("debtors", {
    "debtor_id": TEXT,
    "name": TEXT,
    "contact": TEXT,
    "email": TEXT,            # one valid address or ""
    "cc": TEXT,               # further addresses, separated by ", "
    "phone": TEXT,
    "caller": TEXT,
    "address": TEXT,
    "language": TEXT,         # "" = the settings' language
    "country": TEXT,          # ISO 3166 alpha-2; "" = the settings' country
    "company_id": TEXT,       # SIREN or other
    "nature": TEXT,           # business, consumer, public
    "terms": TEXT,
    "policy": TEXT,
    "rating": TEXT,
    "known_since": DAY,
})  # fmt: skip

PAYMENTS = Table("payments", {"item_id": TEXT, "at": DAY, "amount": MONEY})

EVENTS = Table("events", {
    "at": DAY,
    "debtor_id": TEXT,
    "item_id": TEXT,          # "" = the whole debtor, or only `number` is known
    "number": TEXT,           # invoice number as people write it; resolved against the ledger when item_id is ""
    "kind": TEXT,             # one of KINDS_OF_EVENT
    "step": TEXT,
    "round": COUNT,           # 0 = unknown (imported history)
    "message_id": TEXT,
    "amount": MONEY,          # 0 = unknown
    "currency": TEXT,
    "until": DAY,
    "value": TEXT,            # the new standing, the new address …
    "meaning": TEXT,          # of a reply: not_received, asks_time, disputes, promise, paid …; "" = read from the note
    "by": TEXT,               # relance, import, ledger, or a person
    "note": TEXT,
})  # fmt: skip

AGED = Table("aged", {
    "item_id": TEXT,
    "debtor_id": TEXT,
    "kind": TEXT,
    "currency": TEXT,
    "open": MONEY,            # as it stood at the end of the as-of day
    "days_late": COUNT,       # as-of minus due; 0 = due today (not late), negative = not due yet
    "overdue": FLAG,          # an invoice, still open, at least one day late
    "bucket": TEXT,           # not_due, 1-30, 31-60, 61-90, 90+ (settable); "" for credits
})  # fmt: skip

ACCOUNTS = Table("accounts", {
    "debtor_id": TEXT,
    "currency": TEXT,
    "open": MONEY,            # net of credits
    "overdue": MONEY,         # gross, before set-off
    "not_due": MONEY,
    "unallocated": MONEY,     # credits and payments not set against an invoice: zero or negative
    "oldest_days_late": COUNT,
    "overdue_items": COUNT,
})  # fmt: skip

EVIDENCE = Table("evidence", {
    "debtor_id": TEXT,
    "code": TEXT,             # habit-on-time, promise-broken …: a key of the points table and of words/
    "n": COUNT,               # the fact's figures; the sentence says which it uses
    "m": COUNT,
    "days": FIGURE,
    "amount": MONEY,
    "currency": TEXT,
    "at": DAY,
    "text": TEXT,
    "since": DAY,             # the day from which it holds as it stands, its newest part counted; missing = undated
})  # fmt: skip

FACT_FIGURES = ["n", "m", "days", "amount", "currency", "at", "text"]

STANDING_TABLE = Table("standings", {
    "debtor_id": TEXT,
    "standing": TEXT,
    "confidence": FIGURE,     # 0 to 1
    "margin": COUNT,          # points ahead of the next standing
    "computed": TEXT,         # what the evidence says, before a person's override
})  # fmt: skip

BECAUSE = Table("because", {"debtor_id": TEXT, "code": TEXT, "points": COUNT} | {
    name: EVIDENCE.columns[name] for name in FACT_FIGURES
})  # fmt: skip

CHARGES = Table("charges", {
    "item_id": TEXT,
    "debtor_id": TEXT,
    "currency": TEXT,
    "interest": MONEY,
    "fixed_sum": MONEY,
    "fees": MONEY,            # of the policy's steps (off by default): once per invoice and step taken, this run's included
    "estimated": FLAG,        # part payments without dates: interest on the open amount only
})  # fmt: skip

# The interest of an item written out (core/charges/statement.py); the rows of an item add up to its CHARGES.
INTEREST = Table("interest", {
    "item_id": TEXT,
    "first": DAY,             # first and last day that bear interest
    "last": DAY,
    "principal": MONEY,       # open at the start of these days
    "days": COUNT,
    "basis_points": COUNT,    # 1240 = 12.40 % a year
    "weight": COUNT,          # principal times days times basis points: divided by 3,650,000 the exact interest
    "interest": MONEY,
})  # fmt: skip

INTEREST_DAYS = Table("interest_days", {
    "item_id": TEXT, "day": DAY, "principal": MONEY, "basis_points": COUNT, "interest": MONEY,
})  # fmt: skip

ITEM_STEPS = Table("item_steps", {
    "item_id": TEXT,
    "debtor_id": TEXT,
    "currency": TEXT,
    "last_step": TEXT,
    "last_on": DAY,
    "round": COUNT,
    "next_step": TEXT,        # the step this item takes next
    "next_on": DAY,           # when its own conditions hold, the debtor's gap and pauses included
    "advances": FLAG,         # takes next_step in this run
    "blocked_by": TEXT,       # reason code, "" when nothing blocks
    "blocked_until": DAY,
})  # fmt: skip

ACCOUNT_STEPS = Table("account_steps", {
    "debtor_id": TEXT,
    "currency": TEXT,
    "step": TEXT,             # highest step among the items that advance; "" = nothing leaves
    "channel": TEXT,          # mail, letter, call, dossier, task; "" when step is ""
    "approval": TEXT,         # auto, needed; "" when step is ""
    "asked": MONEY,           # what the account is asked for: overdue, contested or held items apart, less credits; never below 0
    "proposal": TEXT,         # the decision prefilled for the reviewer: send, hold, call, or ""
    "reason": TEXT,           # code of the reason, also when nothing leaves; its figures follow
    "reason_days": COUNT,
    "reason_on": DAY,
    "reason_amount": MONEY,
    "reason_text": TEXT,
    "blocked_by": TEXT,       # reason code when something blocks, else ""
    "next_step": TEXT,
    "next_on": DAY,
})  # fmt: skip

ADVICE = Table("advice", {"debtor_id": TEXT, "item_id": TEXT, "code": TEXT} | {
    name: EVIDENCE.columns[name] for name in FACT_FIGURES
})  # fmt: skip

KPIS = Table("kpis", {
    "currency": TEXT,
    "open": MONEY,
    "overdue": MONEY,
    "unallocated": MONEY,
    "dso_days": FIGURE,       # NaN when nothing was invoiced in the period
    "weighted_days_late": FIGURE,  # of what is overdue, weighted by its amount; NaN when nothing is
    "debtors": COUNT,
    "overdue_debtors": COUNT,
})  # fmt: skip

BUCKETS = Table("buckets", {"currency": TEXT, "bucket": TEXT, "open": MONEY, "items": COUNT})

BY_STANDING = Table(
    "by_standing", {"standing": TEXT, "currency": TEXT, "debtors": COUNT, "open": MONEY, "overdue": MONEY}
)

BY_STEP = Table("by_step", {"step": TEXT, "channel": TEXT, "currency": TEXT, "debtors": COUNT, "asked": MONEY})

# What changed since the journal's last snapshot (core/since.py): how many invoices, and what they come to.
CHANGES = Table("changes", {
    "code": TEXT,             # collected (in full or in part), settled, new, newly_late, next_step
    "currency": TEXT,
    "items": COUNT,
    "amount": MONEY,
})  # fmt: skip

# What came of the reminders sent since then, by step: invoices, what was open, how many were paid in full, what came in.
EFFECTS = Table(
    "effects",
    {"step": TEXT, "currency": TEXT, "items": COUNT, "open": MONEY, "paid": COUNT, "collected": MONEY},
)

SNAPSHOTS = Table("snapshots", {"item_id": TEXT, "as_of": DAY, "open": MONEY})

# What a person typed on the Review sheet, one row per debtor and currency (workbook/decisions → core.admit).
DECISIONS = Table("decisions", {
    "debtor_id": TEXT,
    "currency": TEXT,
    "decision": TEXT,         # send, hold, skip, call, closed, or ""
    "step": TEXT,             # what was shown
    "digest": TEXT,           # of the text that was shown
    "email": TEXT,            # address typed over the ledger's, or ""
    "understood": FLAG,       # False: something in the row was not understood, the row is not sent
    "row": COUNT,             # 1-based row on the Review sheet
})  # fmt: skip

# What admission says about each reviewed row.
ADMISSIONS = Table("admissions", {
    "debtor_id": TEXT,
    "currency": TEXT,
    "admitted": FLAG,
    "reason": TEXT,           # code: approved, or why not
    "reason_on": DAY,
    "email": TEXT,            # where the mail goes
})  # fmt: skip

# What of the reviewed mails is no longer true (core/overtaken.py), one row per item.
OVERTAKEN = Table("overtaken", {
    "debtor_id": TEXT,
    "currency": TEXT,
    "code": TEXT,             # paid, part-paid, raised, gone, moved, disputed, credit-new, credit-changed
    "number": TEXT,
    "was": MONEY,             # open when it was reviewed
    "now": MONEY,             # open today
})  # fmt: skip
