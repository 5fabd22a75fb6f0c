"""Columns that a spreadsheet program of another country half turned round → day and month exchanged back, kept, or a refusal.

Excel set to the United States opens a French csv: 03/04/2026 becomes the true date of 4 March, 25/12/2026 stays a text.
"""

from collections.abc import Sequence

import numpy as np

from batch.core.problem import RelanceError, Severity
from batch.ledger.cells.daywork import DayWork
from batch.ledger.cells.redundancy import FIRST, SECOND, weigh
from batch.words import Said


def settle_turned(work: DayWork) -> None:
    """Decide such columns together: as relance.toml says (swapped_dates), else as what repeats the dates shows.

    RelanceError DATES-TURNED when nothing tells and a needed column is among them.
    """
    left = [name for name, view in work.views.items() if view.left_as_text()]
    # Where one column was turned round on import so were the others, even those in which nothing was left as text.
    suspects = [
        name for name, view in work.views.items() if view.only_small() and (name in left or not view.texts.any())
    ]
    if not left or not suspects:
        return
    facing = {name: work.views[name].turned_back() for name in suspects}
    asked = {"undo": SECOND, "keep": FIRST}.get(work.reading.swapped_dates, "")
    verdict, witness = (asked, "settings") if asked else weigh(work.days | facing, work.cells)
    if not verdict:
        _leave_blank(work, suspects)
    elif verdict == SECOND:
        for name in suspects:
            work.take(name, facing[name].second)
        count = sum(int(work.views[name].small.sum()) for name in suspects)
        said = Said("witnesses", witness, {})
        where = work.first(suspects[0], work.views[suspects[0]].small)
        facts = {"headings": work.headings(suspects), "witness": said}
        work.findings.say("DATES-TURNED-BACK", Severity.WARNING, where, n=count, **facts)


def _leave_blank(work: DayWork, suspects: Sequence[str]) -> None:
    """Refuse when a needed column is in doubt; in the others the doubtful days are left blank, and counted."""
    needed = next((name for name in suspects if name in work.needed), "")
    if needed:
        raise _refusal(work, needed, suspects)
    for name in suspects:
        small = work.views[name].small
        where = work.first(name, small)
        work.findings.say(
            "DATES-LEFT-BLANK", Severity.WARNING, where, n=int(small.sum()), heading=work.table.heading(name)
        )
        work.take(name, work.typed[name].day, small)


def _refusal(work: DayWork, name: str, suspects: Sequence[str]) -> RelanceError:
    view = work.views[name]
    item = int(np.flatnonzero(view.small)[0])
    texts = sum(view.counts[0] for view in work.views.values())
    return RelanceError(
        "DATES-TURNED", work.findings.place(name, item, work.columns[name][item]), headings=work.headings(suspects),
        n=int(view.small.sum()), texts=texts, one=view.days.first[item].item().date(), other=view.turned[item].item().date(),
    )  # fmt: skip
