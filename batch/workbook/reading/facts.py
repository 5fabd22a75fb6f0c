"""A row of Review or Calls → the events that what was typed in it stands for."""

from batch.core.codes import STEPS
from batch.workbook.reading import typed
from batch.workbook.reading.line import Line

# Decisions that the journal remembers; the others only steer this workbook's sending.
REMEMBERED = {"skip": "skipped", "closed": "closed"}


def review_facts(line: Line) -> str:
    """Add the events of a Review row and its complaints; return the decision's code, "" for none."""
    decision = line.word("decision")
    if decision in REMEMBERED:
        line.add(REMEMBERED[decision], step=line.row.text("step_code"))
    _standing(line)
    _address(line)
    _step_done(line)
    if until := line.coming_day("hold_until"):
        line.add("held", until=until)
    _promise(line)
    _dispute(line)
    _note(line)
    return decision


def _standing(line: Line) -> None:
    standing = line.word("standing_typed")
    if standing and standing != line.row.text("standing_code"):
        line.add("reclassified", value=standing)


def _address(line: Line) -> None:
    if not line.typed("email_typed"):
        return
    found = typed.address(line.row.values["email_typed"])
    if found is None:
        line.complain("ADDRESS-NOT-UNDERSTOOD", "email_typed", line.text("email_typed"))
        return
    line.email = found
    line.add("address", value=found)


def _step_done(line: Line) -> None:
    step, on = line.word("step_done"), line.reminded_day("step_done_on")
    if step and on:
        line.add("sent", on=on, step=step)
    elif line.typed("step_done") and not line.typed("step_done_on"):
        line.complain("REVIEW-DATE-MISSING", "step_done_on", about=line.sheet.headings["step_done"])
    elif line.typed("step_done_on") and not line.typed("step_done"):
        line.complain("STEP-MISSING", "step_done")


def _promise(line: Line) -> None:
    until, amount = line.coming_day("promise_date"), line.amount("promise_amount")
    if until:
        line.add("promised", until=until, amount=amount)
    elif line.typed("promise_amount") and not line.typed("promise_date"):
        line.complain("REVIEW-DATE-MISSING", "promise_date", about=line.sheet.headings["promise_amount"])


def _dispute(line: Line) -> None:
    if not line.typed("dispute"):
        return
    if typed.is_all(line.row.values["dispute"]):
        line.add("disputed")
        return
    known = line.row.text("numbers").split("\n")
    found, unknown = typed.numbers(line.row.values["dispute"], known)
    for number in found:
        line.add("disputed", number=number)
    for number in unknown:
        line.complain("INVOICE-UNKNOWN", "dispute", number, debtor_id=line.key[0])


def _note(line: Line) -> None:
    """Put the note with every event of the row; alone it is an event itself."""
    if not line.typed("note"):
        return
    for event in line.events:
        event["note"] = line.text("note")
    if not line.events:
        line.add("noted", note=line.text("note"))


def call_facts(line: Line) -> None:
    """Add the event of a Calls row and its complaints: a call, or a meeting where the row proposed one."""
    result, on = line.word("call_result"), line.past_day("call_on")
    amount, until = line.amount("call_amount"), line.day("call_until")
    others = [code for code in ("call_on", "call_amount", "call_until", "call_note") if line.typed(code)]
    if others and not line.typed("call_result"):
        line.complain("RESULT-MISSING", "call_result")
    if not result or (on is None and line.typed("call_on")):  # a day of its own would make it another call
        return
    step = line.row.text("step_code")
    line.add(
        "met" if step == "meeting" else "called", on=on, until=until, step=step if step in STEPS else "", amount=amount,
        meaning=result, note=line.text("call_note"),
    )  # fmt: skip
