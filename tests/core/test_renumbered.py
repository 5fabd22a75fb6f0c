"""Customers get other numbers in the accounting tool: what was sent, promised and held stays known, by their invoices."""

import pandas as pd
import pytest

from batch.core.plan import Plan, make_plan
from batch.core.renumbered import follow, renumbered
from tests.core.kit import day, event, events, item, ledger, policy

OLD = "OLD|invoice|FA-1|2026-10-20|1"
SENT = event("2026-11-18", "OLD", "sent", "FA-1", "reminder_1", item_id=OLD, by="relance")
F1 = item("NEW", "FA-1", "2026-09-20", "2026-10-20", 300)


def plan(items: list[dict[str, object]], journal: list[dict[str, object]]) -> Plan:
    """Return the plan of Friday, 20 November."""
    return make_plan(ledger(items), events(journal), policy(), day("2026-11-20").date(), first_run=False)


def changed(items: list[dict[str, object]], journal: list[dict[str, object]]) -> dict[str, str]:
    """Return who was renumbered."""
    read = ledger(items)
    found = renumbered(events(journal), read.items, read.debtors)
    return dict(zip(found.index, found, strict=True))


def test_nothing_is_sent_twice() -> None:
    """Two days after its reminder the invoice is another number's: no second reminder, where an unknown one gets its first."""
    assert plan([F1], []).account_steps["step"].tolist() == ["reminder_1"]
    assert plan([F1], [SENT]).account_steps["step"].tolist() == [""]


def test_what_was_agreed_follows() -> None:
    """A hold on the old number holds the new one."""
    held = event("2026-11-02", "OLD", "held", until="2026-12-10")
    first = SENT | {"at": day("2026-10-21")}
    assert plan([F1], [first, held]).account_steps["step"].tolist() == [""]
    assert plan([F1], [first]).account_steps["step"].tolist() != [""]


@pytest.mark.parametrize(
    "items",
    [
        [F1, item("OLD", "FA-9", "2026-09-20", "2026-10-20", 50)],  # the old number is still there
        [F1, item("ELSE", "FA-1", "2026-09-20", "2026-10-20", 300)],  # two customers have such an invoice
        [item("NEW", "FA-1", "2026-09-20", "2026-10-21", 300)],  # due on another day
        [item("NEW", "FA-2", "2026-09-20", "2026-10-20", 300)],  # another invoice
    ],
)
def test_in_doubt_it_is_another_customer(items: list[dict[str, object]]) -> None:
    """Only the same invoices under one other number say that it is the same customer."""
    assert changed([F1], [SENT]) == {"OLD": "NEW"}
    assert changed(items, [SENT]) == {}


def test_invoices_without_a_number_say_nothing() -> None:
    """Two customers may well have one that is due on the same day."""
    sent = SENT | {"item_id": "OLD|invoice||2026-10-20|1", "number": ""}
    assert changed([item("NEW", "", "2026-09-20", "2026-10-20", 300)], [sent]) == {}


def test_shared_between_two() -> None:
    """The invoices of one old number went to two customers: whose the rest was cannot be told."""
    other = SENT | {"item_id": "OLD|invoice|FA-2|2026-10-20|1", "number": "FA-2"}
    assert changed([F1, item("ELSE", "FA-2", "2026-09-20", "2026-10-20", 300)], [SENT, other]) == {}


def test_a_typed_address_stays() -> None:
    """Should it be another customer after all, no mail goes to a stranger: the ledger's address counts."""
    typed = events([SENT, event("2026-11-18", "OLD", "address", note="compta@old.example")])
    found = follow(typed, pd.Series({"OLD": "NEW"}))
    assert found["debtor_id"].tolist() == ["NEW", "OLD"]
