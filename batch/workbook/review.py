"""A plan → the new sheets of the annotated workbook, in a file of their own, and the columns beside the ledger's rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl.workbook import Workbook

from batch.core.plan import Plan
from batch.core.problem import Problem
from batch.core.records import About, Message
from batch.words import Words
from batch.workbook.annotation import annotation
from batch.workbook.sheets.about_sheet import add_about
from batch.workbook.sheets.accounts import Key, account_rows
from batch.workbook.sheets.calls_sheet import add_calls, add_letters
from batch.workbook.sheets.looks import Wardrobe
from batch.workbook.sheets.problems_sheet import add_problems
from batch.workbook.sheets.review_sheet import Typed, add_review
from batch.workbook.sheets.strips import finish
from batch.workbook.sheets.summary_sheet import add_summary

__all__ = ["annotation", "write_sheets"]


def write_sheets(
    target: Path,
    *,
    plan: Plan,
    messages: Mapping[Key, Message],
    about: About,
    words: Words,
    problems: Sequence[Problem],
    typed: Mapping[str, Typed] | None = None,
    letters: Mapping[Key, str] | None = None,
) -> str:
    """Write Summary, Review, Calls, Letters (when there are any), Problems and About to an xlsx; return Review's name.

    `messages` by debtor_id and currency. The sheets stand in the order of layout.SHEETS, in the language of `words`; Review
    opens first. `typed` is what a person typed before, by sheet (review, calls), `letters` the file of each letter. The same arguments give the same bytes.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    accounts = account_rows(plan, messages, words, letters or {})
    add_summary(workbook, plan, accounts, about, words)
    wardrobe = Wardrobe(workbook)
    typed = typed or {}
    review, rows = add_review(workbook, wardrobe, accounts, words, typed.get("review", {}))
    bodies = dict(
        filter(
            None,
            (
                (review, rows),
                add_calls(workbook, wardrobe, plan, accounts, words, typed.get("calls", {})),
                add_letters(workbook, wardrobe, accounts, words),
            ),
        )
    )
    add_problems(workbook, problems, words)
    add_about(workbook, about, words)
    workbook.active = workbook.sheetnames.index(review)
    finish(workbook, bodies, target, plan.as_of)
    return review
