"""Debtors as a credit controller meets them, all in one ledger: on Friday 20 November 2026, default policy, who gets what."""

from functools import cache

import pytest

from batch.core.plan import Plan, make_plan
from tests.core.kit import cents, day, event, events, item, ledger, policy

AS_OF = "2026-11-20"

# debtor: (paid invoices, open invoices, history); an invoice is number, issued, due, amount, then paid on, or still open and
# the ledger's comment; an event is day, kind, invoice, step, amount, until, note.
STORIES: dict[str, tuple[list[tuple[str, str, str, float, str]], list[tuple[str, str, str, float, float, str]], list[tuple[str, str, str, str, float, str, str]]]] = {
    "FORGOT": (
        [("A-1", "2025-11-03", "2025-12-03", 820, "2025-12-01"), ("A-2", "2025-12-03", "2026-01-02", 790, "2026-01-02"),
         ("A-3", "2026-01-05", "2026-02-04", 815, "2026-02-03"), ("A-4", "2026-02-03", "2026-03-05", 840, "2026-03-05"),
         ("A-5", "2026-03-03", "2026-04-02", 800, "2026-04-01"), ("A-6", "2026-04-03", "2026-05-03", 830, "2026-05-04"),
         ("A-7", "2026-05-04", "2026-06-03", 810, "2026-06-02"), ("A-8", "2026-06-03", "2026-07-03", 820, "2026-07-03"),
         ("A-9", "2026-07-03", "2026-08-02", 850, "2026-08-01"), ("A-10", "2026-08-03", "2026-09-02", 820, "2026-09-02"),
         ("A-11", "2026-09-03", "2026-10-03", 835, "2026-10-02")],
        [("A-12", "2026-10-09", "2026-11-08", 825, 825, "")], []),
    "DUETODAY": (
        [("B-1", "2026-08-21", "2026-09-20", 300, "2026-09-18")],
        [("B-2", "2026-10-21", "2026-11-20", 310, 310, "")], []),
    "NOTRECEIVED": (
        [("C-1", "2026-06-01", "2026-07-01", 1500, "2026-07-01"), ("C-2", "2026-07-01", "2026-07-31", 1500, "2026-07-30")],
        [("C-3", "2026-09-20", "2026-10-20", 1480, 1480, "")],
        [("2026-10-26", "sent", "C-3", "reminder_1", 0, "", ""),
         ("2026-10-27", "replied", "C-3", "", 0, "", "Bonjour, nous n'avons jamais reçu cette facture, pouvez-vous nous la renvoyer ?")]),
    "BOUNCED": (
        [], [("D-1", "2026-09-28", "2026-10-28", 640, 640, "")],
        [("2026-11-04", "sent", "D-1", "reminder_1", 0, "", ""),
         ("2026-11-04", "bounced", "D-1", "", 0, "", "550 5.1.1 user unknown")]),
    "QUALITY": (
        [("E-1", "2026-05-01", "2026-05-31", 2400, "2026-05-29")],
        [("E-2", "2026-08-15", "2026-09-14", 2600, 2600, "Litige qualité, avoir à venir")], []),
    "PROMISE": (
        [("F-1", "2026-06-10", "2026-07-10", 900, "2026-07-15"), ("F-2", "2026-07-10", "2026-08-09", 900, "2026-08-12")],
        [("F-3", "2026-09-25", "2026-10-25", 900, 900, "")],
        [("2026-10-30", "sent", "F-3", "reminder_1", 0, "", ""),
         ("2026-11-12", "promised", "F-3", "", 900, "2026-11-25", "virement le 25")]),
    "BROKEN": (
        [], [("G-1", "2026-08-25", "2026-09-24", 5200, 5200, ""), ("G-2", "2026-10-05", "2026-11-04", 1100, 1100, "")],
        [("2026-09-28", "sent", "G-1", "reminder_1", 0, "", ""), ("2026-10-02", "promised", "G-1", "", 5200, "2026-10-09", "virement vendredi"),
         ("2026-10-19", "sent", "G-1", "reminder_2", 0, "", ""), ("2026-10-21", "promised", "G-1", "", 5200, "2026-10-30", "le chèque est parti"),
         ("2026-11-09", "called", "G-1", "call", 0, "", "cheque sent, says the assistant")]),
    "INBITS": (
        [("H-1", "2026-03-01", "2026-03-31", 3000, "2026-04-08"), ("H-2", "2026-04-01", "2026-05-01", 3000, "2026-05-19"),
         ("H-3", "2026-05-01", "2026-05-31", 3000, "2026-07-02"), ("H-4", "2026-06-01", "2026-07-01", 3000, "2026-08-20")],
        [("H-5", "2026-08-01", "2026-08-31", 3000, 2000, ""), ("H-6", "2026-09-01", "2026-10-01", 3000, 2500, ""),
         ("H-7", "2026-10-01", "2026-10-31", 3000, 3000, "")],
        [("2026-09-05", "sent", "H-5", "reminder_1", 0, "", ""), ("2026-09-25", "sent", "H-5", "reminder_2", 0, "", ""),
         ("2026-11-06", "replied", "H-5", "", 0, "", "Trésorerie très tendue en ce moment, pouvons-nous étaler le paiement ?")]),
    "RECEIVERSHIP": (
        [], [("I-1", "2026-07-01", "2026-07-31", 7400, 7400, "")],
        [("2026-11-10", "insolvency", "", "", 0, "2027-01-05", "redressement judiciaire, BODACC du 05/11/2026")]),
    "SILENT": (
        [("J-1", "2026-02-01", "2026-03-03", 700, "2026-03-10"), ("J-2", "2026-05-01", "2026-05-31", 700, "2026-06-09")],
        [("J-3", "2026-08-31", "2026-09-30", 700, 700, "")],
        [("2026-10-05", "sent", "J-3", "reminder_1", 0, "", ""), ("2026-10-20", "sent", "J-3", "reminder_2", 0, "", ""),
         ("2026-11-06", "called", "J-3", "call", 0, "", "no answer")]),
    "COVERED": (
        [], [("K-1", "2026-09-10", "2026-10-10", 450, 450, ""), ("K-P", "2026-11-10", "2026-11-10", -450, -450, "règlement non lettré")], []),
    "FOURDAYS": (
        [], [("L-1", "2026-10-01", "2026-10-31", 520, 520, "")],
        [("2026-11-16", "sent", "L-1", "reminder_1", 0, "", "")]),
}  # fmt: skip

# debtor: standing, step, why nothing leaves, numbers that advance
EXPECTED: dict[str, tuple[set[str], str, str, list[str]]] = {
    "FORGOT": ({"forgetful"}, "reminder_1", "", ["A-12"]),
    "DUETODAY": ({"current"}, "", "", []),
    "NOTRECEIVED": ({"invoice_lost"}, "resend_invoice", "", ["C-3"]),
    "BOUNCED": ({"invoice_lost"}, "resend_invoice", "", ["D-1"]),
    "QUALITY": ({"disputed"}, "solve_dispute", "", ["E-2"]),
    "PROMISE": ({"forgetful"}, "", "promise-running", []),
    "BROKEN": ({"dishonest"}, "formal_notice", "", ["G-1", "G-2"]),
    "INBITS": ({"in_difficulty"}, "plan_offer", "", ["H-5", "H-6", "H-7"]),
    "RECEIVERSHIP": ({"insolvent"}, "claim", "", ["I-1"]),
    "SILENT": ({"forgetful"}, "formal_notice", "", ["J-3"]),
    "COVERED": ({"current", "forgetful"}, "", "credits-cover", []),
    "FOURDAYS": ({"forgetful", "invoice_lost"}, "", "gap", []),
}


@cache
def plan() -> Plan:
    """Return the plan of all twelve debtors."""
    return plan_of_stories(AS_OF)


def plan_of_stories(as_of: str) -> Plan:
    """Return the plan of all twelve debtors on a day."""
    rows, history = [], []
    for name, (paid, still_open, happened) in STORIES.items():
        rows += [item(name, n, issued, due, amount, 0, paid_on=on) for n, issued, due, amount, on in paid]
        rows += [
            item(name, n, issued, due, amount, left, note=note, **({"kind": "payment"} if "règlement" in note else {}))
            for n, issued, due, amount, left, note in still_open
        ]
        history += [
            event(at, name, kind, number, step, amount=cents(amount), until=until, note=note)
            for at, kind, number, step, amount, until, note in happened
        ]
    return make_plan(ledger(rows), events(history), policy(), day(as_of).date(), first_run=False)


@pytest.mark.parametrize("name", STORIES)
def test_each_debtor_gets_the_standing_and_the_step_a_controller_would_give(name: str) -> None:
    """The standing is one a credit controller would accept, the step and its items exactly the ones expected."""
    standings, step, blocked, numbers = EXPECTED[name]
    standing = plan().standings.set_index("debtor_id")["standing"][name]
    account = plan().account_steps.set_index("debtor_id").loc[name]
    items = plan().item_steps.merge(plan().items[["item_id", "number"]], on="item_id")
    advancing = items.loc[(items["debtor_id"] == name) & items["advances"], "number"].tolist()
    assert standing in standings
    assert account["step"] == step
    assert account["blocked_by"] == blocked
    assert advancing == numbers


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected[1]])
def test_no_standing_without_evidence(name: str) -> None:
    """Whoever is written to, called or handed over has at least one fact behind the standing."""
    assert name in plan().because["debtor_id"].tolist()


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if not expected[1]])
def test_nothing_leaves_without_a_reason(name: str) -> None:
    """Where nothing leaves, the account says why."""
    assert plan().account_steps.set_index("debtor_id").loc[name, "reason"] != ""
