"""A plan → one row per account with all that the sheets show of it, what matters most first."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from batch.core.currencies import minor_units
from batch.core.history import notes
from batch.core.plan import Plan
from batch.core.records import Message
from batch.core.tables import ACCOUNT
from batch.words import Words
from batch.words.facts import reason_sentences
from batch.workbook.sheets.sentences import because_of, capital, labels

TEXTS = ("name", "contact", "phone", "caller", "address", "standing", "step", "channel", "approval", "proposal", "reason",
         "reason_text", "blocked_by", "next_step")  # fmt: skip
FIGURES = ("reason_days", "reason_amount")
MONEY = ("open", "overdue", "unallocated", "asked")
DEBTOR = ["debtor_id", "name", "contact", "phone", "caller", "address"]

# Which accounts come first on Review: what a person must approve, then what leaves by itself, then the rest; among them, where most
# is overdue.
RANKS = {"needed": 0, "auto": 1, "": 2}

Key = tuple[str, str]


def account_rows(plan: Plan, messages: Mapping[Key, Message], words: Words, letters: Mapping[Key, str]) -> pd.DataFrame:
    """Return a row for each account with a balance or a step: ACCOUNTS, ACCOUNT_STEPS, the debtor's columns, and words.

    Words: because_told (and the last note), reason_told, note_told, *_label of standing, step, channel, next_step and proposal, subject, digest, anchor
    (of the message in preview.html), letter (its file), numbers (open invoices, one to a line). Money stays in minor units. Sorted as the Review sheet shows them.
    """
    table = _sorted(_joined(plan))
    keys = list(zip(table["debtor_id"].tolist(), table["currency"].tolist(), strict=True))
    found = [messages.get(key) for key in keys]
    because, numbers, noted = because_of(plan.because, words), open_numbers(plan), _last_notes(plan, words)
    last = [noted.get(key) or noted.get((key[0], ""), "") for key in keys]
    return table.assign(
        because_told=[
            "\n".join(filter(None, (*because.get(debtor_id, ()), note)))
            for (debtor_id, _), note in zip(keys, last, strict=True)
        ],
        note_told=last,
        reason_told=_told(reason_sentences(table, words), found, words),
        standing_label=labels("standings", table["standing"], words),
        step_label=labels("steps", table["step"], words),
        channel_label=labels("channels", table["channel"], words),
        next_step_label=labels("steps", table["next_step"], words),
        proposal_label=labels("decisions", table["proposal"], words),
        subject=[message.subject if message else "" for message in found],
        digest=[message.digest if message else "" for message in found],
        anchor=[message.anchor if message else "" for message in found],
        letter=[letters.get(key, "") for key in keys],
        numbers=["\n".join(numbers.get(key, ())) for key in keys],
    )


def _told(reasons: Iterable[str], found: Iterable[Message | None], words: Words) -> list[str]:
    """Return why each account takes its step, and that its message waits for a missing attachment."""
    waits = f" ({words.label('preview', 'waits')})"
    return [
        capital(reason) + (waits if message and message.held else "")
        for reason, message in zip(reasons, found, strict=True)
    ]


def open_numbers(plan: Plan) -> dict[Key, list[str]]:
    """Return the numbers of the open invoices of each account, in the ledger's order."""
    rows = plan.items.loc[(plan.items["kind"] == "invoice") & (plan.items["open"] > 0), [*ACCOUNT, "number"]]
    found: dict[Key, list[str]] = {}
    for debtor_id, currency, number in zip(*(rows[name].tolist() for name in rows), strict=True):
        if number:
            found.setdefault((debtor_id, currency), []).append(number)
    return found


def _last_notes(plan: Plan, words: Words) -> dict[Key, str]:
    """Return the last note of each account that has one, as a sentence; currency "" = every account of the debtor."""
    found = notes(plan.events)
    rows = zip(*(found[name].tolist() for name in found), strict=True)
    return {
        (who, currency): words.sentence("review", "noted", {"on": at, "text": text}) for who, currency, at, text in rows
    }


def units(currencies: pd.Series) -> pd.Series:
    """Return how many minor units make one unit of each row's currency."""
    return currencies.map({code: 10 ** minor_units(code) for code in currencies.unique().tolist()}).astype("int64")


def _joined(plan: Plan) -> pd.DataFrame:
    table = (
        plan.accounts.merge(plan.account_steps, on=ACCOUNT, how="left")
        .merge(plan.standings[["debtor_id", "standing", "confidence"]], on="debtor_id", how="left")
        .merge(plan.ledger.debtors[DEBTOR], on="debtor_id", how="left")
    )
    filled = table.fillna(dict.fromkeys(TEXTS, "") | dict.fromkeys(FIGURES, 0))
    filled = filled.astype(dict.fromkeys(FIGURES, "int64") | dict.fromkeys(TEXTS, "str"))
    balance = (filled[["open", "overdue", "not_due", "unallocated"]] != 0).any(axis=1)
    return filled[balance | (filled["step"] != "") | (filled["blocked_by"] != "")]


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    unit = units(table["currency"])
    order = np.lexsort([
        table["debtor_id"].to_numpy(dtype=object).astype(str),
        -(table["asked"] / unit).to_numpy(),
        -(table["overdue"] / unit).to_numpy(),
        table["approval"].map(RANKS).fillna(len(RANKS)).to_numpy(),
    ])  # fmt: skip
    return table.iloc[order].reset_index(drop=True)
