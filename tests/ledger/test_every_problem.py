"""Every problem that reading a ledger can name, each with a small file that provokes it."""

from pathlib import Path

import pytest

from batch.core.policy import Reading
from batch.core.problem import Problem, RelanceError
from batch.ledger import open_book, read
from batch.words import Words
from tests.ledger.small_files import CASES, Case
from tests.words.codes import mentioned

LEDGER = Path(__file__).parents[2] / "batch" / "ledger"

# Codes that a file cannot provoke: they tell of a fault of ours (tests/ledger/test_reconcile.py has it).
OUR_OWN_FAULT = frozenset({"RECONCILIATION-DIFFERS"})
# Codes that only a limit provokes: how long a machine takes is no property of a file (tests/ledger/test_hostile.py sets the limit).
OF_LIMITS = frozenset({"READING-TOO-LONG"})


def found(folder: Path, case: Case) -> tuple[Problem | RelanceError, ...]:
    """Read a case and return what came of it: its problems, or the refusal alone."""
    path = case.write(folder)
    given = {} if case.contacts is None else {"contacts": str(folder / "clients.csv")}
    try:
        return read(open_book(path), Reading(**case.reading, **given)).problems  # type: ignore[arg-type]
    except RelanceError as refused:
        return (refused,)


@pytest.mark.parametrize("code", CASES)
def test_its_file_provokes_it(tmp_path: Path, code: str) -> None:
    """The code is among those that the small file brings up, in a ledger of a few rows."""
    assert code in {problem.code for problem in found(tmp_path, CASES[code])}


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """FILE-UNREADABLE: no file provokes it everywhere, a folder does."""
    (tmp_path / "ledger.xlsx").mkdir()
    assert [problem.code for problem in found(tmp_path, Case(None))] == ["FILE-UNREADABLE"]


def test_every_code_of_the_ledger_has_its_file() -> None:
    """No problem of reading is without a file that shows it, and no file shows what is no longer raised."""
    raised = mentioned(LEDGER) & set(Words("fr").problem_codes())
    shown = {*CASES, "FILE-UNREADABLE"}
    assert sorted(raised - shown - OUR_OWN_FAULT - OF_LIMITS) == []
    assert sorted(shown - raised) == []
    assert sorted((OUR_OWN_FAULT | OF_LIMITS) - raised) == []
    assert sorted((OUR_OWN_FAULT | OF_LIMITS) & shown) == []
