"""Columns in which some texts are day/month and others month/day → each cell settled by itself or by the usual terms, or a refusal."""

from collections.abc import Sequence

import numpy as np

from batch.core.problem import RelanceError, Severity
from batch.ledger.cells.daywork import NO_DAY, DayWork
from batch.ledger.cells.redundancy import Twofold, explained, terms_marks, usual_terms
from batch.words import Said

# Of the rows, the share that may be left out as doubtful before the whole file is refused.
MOST_LEFT_OUT = 0.05
ENOUGH_TERMS = 0.8  # of the sure rows, the share that the usual terms must explain before they settle the others
FEWEST_SURE = 10


def settle_mixed(work: DayWork, mixed: Sequence[str]) -> None:
    """Read the cells of these columns: in the order that alone fits; in the one that bears the ledger's usual terms; else not at all.

    RelanceError DATE-ORDER-UNSETTLED when too many cells of a needed column stay in doubt.
    """
    for name in mixed:
        work.days[name] = work.views[name].days
    settled = _by_terms(work.days.get("issue_date"), work.days.get("due_date")) if mixed else {}
    for name in mixed:
        view = work.views[name]
        found = settled.get(name, np.where(view.open, NO_DAY, view.days.first))
        left = view.open & np.isnat(found)
        if name in work.needed and left.sum() > MOST_LEFT_OUT * len(left):
            raise _unsettled(work, name, left)
        plain, against, both = view.counts
        count = int(left.sum())
        work.findings.say(
            "DATE-ORDER-MIXED", Severity.WARNING, work.first(name, view.against), heading=work.table.heading(name), order=view.order,
            read_as=Said("date_orders", view.order, {}), plain=plain, against=against, n=both or None,
            settled=(both - count) or None, left=count or None,
        )  # fmt: skip
        work.take(name, found, left)


def _unsettled(work: DayWork, name: str, left: np.ndarray) -> RelanceError:
    view = work.views[name]
    item = int(np.flatnonzero(left)[0])
    plain, against, _ = view.counts
    return RelanceError(
        "DATE-ORDER-UNSETTLED", work.findings.place(name, item, work.columns[name][item]), heading=work.table.heading(name),
        plain=plain, against=against, n=int(left.sum()),
        one=view.days.first[item].item().date(), other=view.days.second[item].item().date(),
    )  # fmt: skip


def _by_terms(issued: Twofold | None, due: Twofold | None) -> dict[str, np.ndarray]:
    """Return both columns, each doubtful pair settled where only one reading bears the ledger's usual terms, NaT elsewhere.

    {} when the ledger has no usual terms: too few sure rows, or rows that follow none.
    """
    if issued is None or due is None:
        return {}
    doubtful = issued.doubtful | due.doubtful
    certain = ~doubtful & ~np.isnat(issued.first) & ~np.isnat(due.first)
    marks = terms_marks(issued.first[certain], due.first[certain])
    usual = usual_terms(marks)
    if certain.sum() < FEWEST_SURE or explained(marks, usual).mean() < ENOUGH_TERMS:
        return {}
    return {"issue_date": _matching(issued, due, usual, 0), "due_date": _matching(issued, due, usual, 1)}


def _matching(issued: Twofold, due: Twofold, usual: Sequence[np.ndarray], which: int) -> np.ndarray:
    """Return the issue (0) or due (1) days of the one pair that bears usual terms; NaT where none does, or two that differ."""
    column = (issued, due)[which]
    found = np.full(len(column.first), NO_DAY)
    clash = np.zeros(len(found), dtype=bool)
    for one in (issued.first, issued.second):
        for other in (due.first, due.second):
            here = (one, other)[which]
            fits = explained(terms_marks(one, other), usual)
            clash |= fits & ~np.isnat(found) & (found != here)
            found = np.where(fits & np.isnat(found), here, found)
    found[clash] = NO_DAY
    return np.where(column.doubtful, found, column.first)
