"""Credits against debits, for whole columns at once: the same as by hand, one after the other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from batch.ledger.bookkeeping.allocation import allocate, left, no_parts
from batch.ledger.bookkeeping.lettering import codes, named


def by_hand(owed: list[int], group: list[int]) -> dict[tuple[int, int], int]:
    """Set credits against debits one after the other."""
    rest, parts = list(owed), {}
    for credit in range(len(owed)):
        for debit in range(len(owed)):
            if group[credit] == group[debit] >= 0 and rest[credit] < 0 < rest[debit]:
                part = min(rest[debit], -rest[credit])
                parts[debit, credit] = part
                rest[debit], rest[credit] = rest[debit] - part, rest[credit] + part
    return parts


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-1, 3)), max_size=30))
def test_parts_are_those_worked_out_by_hand(rows: list[tuple[int, int]]) -> None:
    """Same debit, same credit, same amount, for any groups; what belongs to no group is left alone."""
    owed, group = [row[0] for row in rows], [row[1] for row in rows]
    arrays = np.array(owed, dtype="int64"), np.array(group, dtype="int64")
    found = allocate(*arrays, np.arange(len(rows)))
    parts = dict(zip(zip(found.debit.tolist(), found.credit.tolist(), strict=True), found.amount.tolist(), strict=True))
    assert parts == by_hand(owed, group)
    rest = left(arrays[0], found)
    assert rest.sum() == sum(owed)
    assert (rest[arrays[1] < 0] == arrays[0][arrays[1] < 0]).all()


def test_the_order_is_the_ranks_not_the_rows() -> None:
    """The second row is the older debit."""
    found = allocate(np.array([10, 10, -10]), np.zeros(3, dtype="int64"), np.array([2, 1, 0]))
    assert (found.debit.tolist(), found.amount.tolist()) == ([1], [10])
    assert len((no_parts() + found).debit) == 1


def test_codes_of_a_column() -> None:
    """In a column of marks only yes is a code; elsewhere N and O are letters like others; dashes are blanks."""
    assert codes(["oui", "non", "", "Oui"]) == ["OUI", "", "", "OUI"]
    assert codes(["x", "", "x"]) == ["X", "", "X"]
    assert codes(["N", "O", "A", "-"]) == ["N", "O", "A", ""]


def test_what_names_an_invoice() -> None:
    """Own number, a word of the label, of the same customer only; not a year, not a short figure."""
    account = np.array([0, 0, 1, 0, 0, 1])
    owed = np.array([100, 100, 100, -50, -50, -50])
    numbers = ["FA-1", "2026", "FA-1", "R1", "R2", "R3"]
    labels = [["", "", "", "paie fa-1", "solde 2026", "FA-1"]]
    assert named(account, owed, numbers, labels, np.ones(6, dtype=bool)).tolist() in (
        [0, -1, 1, 0, -1, 1],
        [1, -1, 0, 1, -1, 0],
    )
