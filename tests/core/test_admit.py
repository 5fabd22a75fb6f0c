"""Nothing a person approved is taken on trust: what may leave today, and why the rest may not."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from batch.core.admit import admit
from batch.core.overtaken import overtaken
from batch.core.plan import Plan, make_plan
from batch.core.tables import DECISIONS
from tests.core.kit import day, debtor, event, events, item, ledger, policy

SHOWN, DIGEST = "2026-11-19", "d1"  # a Thursday
CLAIMED = {"item_id": "str", "step": "str", "round": "int64", "at": "datetime64[s]", "state": "str"}


def plan_of(as_of: str, history: list[dict[str, object]], *, still_open: float = 300) -> Plan:
    """Return the plan of one invoice of 300, due on 20 October."""
    return make_plan(
        ledger([item("D", "1", "2026-09-20", "2026-10-20", 300, still_open)]), events(history), policy(), day(as_of).date(),
        first_run=False,
    )  # fmt: skip


def admitted(  # noqa: D103  the one row of ADMISSIONS
    *, today: str = SHOWN, since: tuple[dict[str, object], ...] = (), decision: str = "send", digest: str = DIGEST,
    rendered: str = DIGEST, email: str = "", understood: bool = True, still_open: float = 300,
    claimed: tuple[tuple[str, str, int, str], ...] = (), state: str = "sent",
) -> dict[str, Any]:  # fmt: skip
    rows = pd.DataFrame([{
        "debtor_id": "D", "currency": "EUR", "decision": decision, "step": "reminder_1", "digest": digest, "email": email,
        "understood": understood, "row": 5,
    }])  # fmt: skip
    known = (
        pd.DataFrame(list(claimed), columns=["item_id", "step", "round", "at"])
        .astype({"item_id": "str", "step": "str", "round": "int64", "at": "datetime64[s]"})
        .assign(state=state)
    )
    shown, now = plan_of(SHOWN, []), plan_of(today, list(since), still_open=still_open)
    return admit(
        DECISIONS.conform(rows), shown, now, {("D", "EUR"): rendered} if rendered else {}, known, overtaken(shown, now),
        policy(), dt.date.fromisoformat(today),
    ).to_dict("records")[0]  # type: ignore[return-value]  # fmt: skip


def test_what_was_shown_and_still_holds_may_leave() -> None:
    """The same text, the same step, a business day: approved, to the ledger's address."""
    found = admitted()
    assert (found["admitted"], found["reason"], found["email"]) == (True, "approved", "compta@d.example")


@pytest.mark.parametrize(
    ("decision", "reason"),
    [("hold", "held"), ("skip", "skipped"), ("call", "called"), ("closed", "closed"), ("", "not-approved")],
)
def test_only_send_is_sent(decision: str, reason: str) -> None:
    """Every other decision keeps the mail back and says so."""
    assert admitted(decision=decision)["reason"] == reason


def test_a_row_with_something_not_understood_is_not_sent() -> None:
    """A word that was not understood stands in that row."""
    assert admitted(understood=False)["reason"] == "not-understood"


def test_a_text_that_differs_from_what_was_shown_is_not_sent() -> None:
    """The ledger, the template or the row was changed after the review."""
    assert admitted(rendered="d2")["reason"] == "text-differs"
    assert admitted(rendered="")["reason"] == "no-message"


@pytest.mark.parametrize(
    ("person", "history", "reason"),
    [
        ({"email": ""}, (), "by-telephone"),
        ({"email": "", "phone": ""}, (), "by-post"),
        ({}, ("reminder_1", "reminder_2", "formal_notice"), "by-dossier"),
    ],
)
def test_an_approved_step_without_a_mail_says_what_is_to_be_done(
    person: dict[str, object], history: tuple[str, ...], reason: str
) -> None:
    """A call, a letter where there is no e-mail, a file for the bailiff: the row says that it is for a person to do."""
    done = [event(f"2026-{month:02}-20", "D", "sent", "1", step) for month, step in enumerate(history, start=8)]
    rows = ledger([item("D", "1", "2026-05-20", "2026-06-20", 300)], [debtor("D", **person)])
    plan = make_plan(rows, events(done), policy(), day(SHOWN).date(), first_run=False)
    written = plan.account_steps["channel"].isin(["mail", "letter"]).all()
    row = dict.fromkeys(DECISIONS.columns, "") | {
        "debtor_id": "D", "currency": "EUR", "decision": "send", "digest": DIGEST if written else "", "understood": True, "row": 5,
    }  # fmt: skip
    found = admit(
        DECISIONS.conform(pd.DataFrame([row])), plan, plan, {("D", "EUR"): DIGEST} if written else {},
        pd.DataFrame(columns=list(CLAIMED)).astype(CLAIMED), overtaken(plan, plan), policy(), day(SHOWN).date(),
    )  # fmt: skip
    assert found["reason"].tolist() == [reason]


@pytest.mark.parametrize(("first_due", "reason"), [("2026-10-20", "approved"), ("2026-12-20", "changed-since")])
def test_a_reminder_leaves_the_day_after_although_a_notice_in_it_has_run_out(first_due: str, reason: str) -> None:
    """The second invoice was due on the day of the review: listed in a reminder it may leave, a notice of its own may not."""
    rows = ledger([item("D", "1", "2026-09-20", first_due, 300), item("D", "2", "2026-10-19", SHOWN, 900)])
    shown, now = (
        make_plan(rows, events([]), policy(), day(at).date(), first_run=False) for at in (SHOWN, "2026-11-20")
    )
    row = dict.fromkeys(DECISIONS.columns, "") | {
        "debtor_id": "D", "currency": "EUR", "decision": "send", "digest": DIGEST, "understood": True, "row": 5,
    }  # fmt: skip
    found = admit(
        DECISIONS.conform(pd.DataFrame([row])), shown, now, {("D", "EUR"): DIGEST}, pd.DataFrame(columns=list(CLAIMED)).astype(CLAIMED),
        overtaken(shown, now), policy(), dt.date(2026, 11, 20),
    )  # fmt: skip
    assert found["reason"].tolist() == [reason]


def test_what_was_claimed_before_is_not_sent_again() -> None:
    """The line is in the journal: the day it was claimed is told, even if the text would differ."""
    claimed = (("D|invoice|1|2026-10-20|1", "reminder_1", 1, "2026-11-19"),)
    found = admitted(claimed=claimed, rendered="d2")
    assert (found["reason"], found["reason_on"]) == ("already-sent", pd.Timestamp("2026-11-19"))


def test_what_may_have_left_is_not_called_sent() -> None:
    """The mail was claimed and nobody knows what became of it: the row says so, whatever else keeps it back."""
    claimed = (("D|invoice|1|2026-10-20|1", "reminder_1", 1, "2026-11-19"),)
    assert admitted(claimed=claimed, rendered="d2", state="uncertain")["reason"] == "uncertain-mail"
    assert admitted(claimed=claimed, decision="hold", state="uncertain")["reason"] == "held"


def test_another_round_of_the_same_step_is_another_line() -> None:
    """Claimed in round 2, say after a bounce: round 1 is not what was claimed."""
    assert admitted(claimed=(("D|invoice|1|2026-10-20|1", "reminder_1", 2, "2026-11-01"),))["reason"] == "approved"


@pytest.mark.parametrize(
    ("since", "reason"),
    [
        (event("2026-11-19", "D", "promised", "1", until="2026-11-30"), "promise-running"),
        (event("2026-11-19", "D", "held", until="2026-12-01"), "hold"),
        (event("2026-11-19", "D", "called", note="rappeler"), "gap"),
        (event("2026-11-19", "D", "plan_agreed", until="2026-12-31"), "plan-in-force"),
        (event("2026-11-19", "D", "insolvency", note="LJ"), "changed-since"),
        (event("2026-11-19", "D", "disputed", "1"), "changed-since"),
    ],
)
def test_what_was_learned_since_holds_the_mail_back(since: dict[str, object], reason: str) -> None:
    """A promise, a hold, a call, a plan, an insolvency, a dispute since the review."""
    found = admitted(today="2026-11-20", since=(since,))
    assert (found["admitted"], found["reason"]) == (False, reason)


def test_what_was_paid_since_is_not_asked_for() -> None:
    """With a fresh ledger in which nothing is open any more."""
    assert admitted(today="2026-11-20", still_open=0)["reason"] == "paid-since"


@pytest.mark.parametrize(
    ("today", "reason"),
    [("2026-11-20", "approved"), ("2026-11-21", "weekend-or-holiday"), ("2026-12-25", "weekend-or-holiday")],
)
def test_mails_leave_on_business_days(today: str, reason: str) -> None:
    """Friday yes; Saturday and Christmas no."""
    assert admitted(today=today)["reason"] == reason


def test_a_typed_address_wins_over_the_ledgers() -> None:
    """The reviewer's word is the latest."""
    assert admitted(email="neu@d.example")["email"] == "neu@d.example"
    assert admitted(since=(event("2026-11-19", "D", "address", value="alt@d.example"),))["email"] == "alt@d.example"


def test_an_address_that_was_refused_since_is_left_alone() -> None:
    """The day is told; another address, typed in the row, is used, and a refusal that is about the sender keeps nothing back."""
    refused = event("2026-11-20", "D", "refused", "1", "reminder_1", note="compta@d.example: 550 5.1.1 unknown")
    found = admitted(today="2026-11-20", since=(refused,))
    assert (found["reason"], found["reason_on"]) == ("address-refused", pd.Timestamp("2026-11-20"))
    assert admitted(today="2026-11-20", since=(refused,), email="neu@d.example")["reason"] == "approved"
    ruled = refused | {"note": "compta@d.example: 550 5.7.1 relaying denied"}
    assert admitted(today="2026-11-20", since=(ruled,))["reason"] == "approved"


@pytest.mark.parametrize(("today", "reason"), [("2026-11-26", "approved"), ("2026-11-27", "deadline-near")])
def test_a_deadline_is_not_cut_short(today: str, reason: str) -> None:
    """A formal notice counts fifteen days from its plan: seven days later it may leave, on the eighth it may not."""
    shown, now = plan_of(SHOWN, []), plan_of(today, [])
    notice = replace(shown, account_steps=shown.account_steps.assign(step="formal_notice"))
    row = {"debtor_id": "D", "currency": "EUR", "decision": "send", "step": "formal_notice", "digest": DIGEST, "email": "",
           "understood": True, "row": 5}  # fmt: skip
    nothing = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in CLAIMED.items()})
    found = admit(
        DECISIONS.conform(pd.DataFrame([row])), notice, now, {("D", "EUR"): DIGEST}, nothing, overtaken(shown, now), policy(),
        dt.date.fromisoformat(today),
    )  # fmt: skip
    assert found["reason"].tolist() == [reason]
