"""A plan → the columns that go beside the user's own ledger rows: where each item stands and what comes next."""

import pandas as pd

from batch.core.plan import Plan
from batch.core.problem import Money
from batch.core.tables import ACCOUNT, OWN_HEADING
from batch.words import Words
from batch.words.facts import reason_sentence, reason_sentences
from batch.workbook.graft import Annotation
from batch.workbook.sheets.sentences import capital, labels

# Code of the column (words group `annotation`), width in characters, kind of value.
COLUMNS = (
    ("item_id", 16.0, "text"),
    ("days_late", 9.0, "number"),
    ("bucket", 14.0, "text"),
    ("standing", 20.0, "text"),
    ("last_step", 20.0, "text"),
    ("next_step", 20.0, "text"),
    ("why", 48.0, "text"),
)
TEXTS = ("bucket", "standing", "last_step", "next_step", "blocked_by", "reason")


def annotation(plan: Plan, words: Words) -> Annotation:
    """Return one row per item of the plan, by its row in the ledger; an item that is settled shows its key and "paid", a credit "allocated"."""
    # Most of a ledger is history, of which nothing is told but that it is paid.
    here = plan.items[plan.items["source_row"] > 0]  # what only earlier exports held has no row
    still_open = here["open"] != 0
    table = _joined(plan, here[still_open])
    told = zip(
        [None if figure != figure else int(figure) for figure in table["days_late"].tolist()],  # noqa: PLR0124  NaN
        labels("buckets", table["bucket"], words),
        labels("standings", table["standing"], words),
        labels("steps", table["last_step"], words),
        labels("steps", table["next_step"], words),
        _reasons(plan, table, words),
        strict=True,
    )
    paid, allocated = (
        (None, words.label("annotation", code), *(None,) * (len(COLUMNS) - 3)) for code in ("paid", "allocated")
    )
    items = (still_open, here["source_row"], here["item_id"], here["kind"] == "invoice")
    rows: dict[int, tuple[str | int | None, ...]] = {}
    for owed, row, key, invoiced in zip(*(column.tolist() for column in items), strict=True):
        values = [None if value == "" else value for value in next(told)] if owed else (paid if invoiced else allocated)
        rows.setdefault(row, (key, *values))
    return Annotation(
        headings=tuple(OWN_HEADING + words.label("annotation", code) for code, _, _ in COLUMNS),
        widths=tuple(width for _, width, _ in COLUMNS),
        kinds=tuple(kind for _, _, kind in COLUMNS),
        rows=rows,
    )


def _joined(plan: Plan, items: pd.DataFrame) -> pd.DataFrame:
    """Return a row per item, in the items' order: ageing, standing, own steps and the account's reason."""
    steps = plan.item_steps[["item_id", "last_step", "next_step", "blocked_by", "blocked_until"]]
    table = (
        items[["item_id", *ACCOUNT]]
        .merge(plan.aged[["item_id", "days_late", "bucket"]], on="item_id", how="left")
        .merge(plan.standings[["debtor_id", "standing"]], on="debtor_id", how="left")
        .merge(steps, on="item_id", how="left")
        .merge(plan.account_steps[[*ACCOUNT, "reason"]], on=ACCOUNT, how="left")
    )
    return table.fillna(dict.fromkeys(TEXTS, ""))


def _reasons(plan: Plan, table: pd.DataFrame, words: Words) -> list[str]:
    """Return why each item does what it does: what blocks it where that is its own, else the account's sentence."""
    keys = zip(plan.account_steps["debtor_id"].tolist(), plan.account_steps["currency"].tolist(), strict=True)
    told = dict(zip(keys, map(capital, reason_sentences(plan.account_steps, words)), strict=True))
    names = ("debtor_id", "currency", "reason", "blocked_by", "blocked_until", "next_step")
    written: dict[tuple[str, object, str], str] = {}
    reasons = []
    for debtor_id, currency, reason, blocked_by, until, next_step in zip(
        *(table[name].tolist() for name in names), strict=True
    ):
        if not blocked_by or blocked_by == reason:
            reasons.append(told.get((debtor_id, currency), ""))
            continue
        key = (blocked_by, None if until != until else until, next_step)  # noqa: PLR0124  NaT
        if key not in written:
            sentence = reason_sentence(
                words, blocked_by, days=0, on=until, amount=Money(0, currency), text="", step="", next_step=next_step
            )
            written[key] = capital(sentence)
        reasons.append(written[key])
    return reasons
