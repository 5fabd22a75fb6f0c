"""Admitted rows → what would leave, without the journal: told only, or sent to the user's own address, as often as wanted."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from batch.core.admit import NOT_A_BUSINESS_DAY
from batch.delivery.compose import Mail, compose, message_id, usable
from batch.delivery.postman import Kind, Postman
from batch.jobs.send.gate import Gate
from batch.jobs.send.post import Round, Row
from batch.report import Sending
from batch.words import for_language

TRIAL = "trial"  # the outcome of a mail that only its own user got


def on_any_day(rows: Iterable[Row]) -> list[Row]:
    """Let rows leave that wait for nothing but a business day: the customer does not see them."""
    return [row._replace(admitted=True) if row.reason == NOT_A_BUSINESS_DAY else row for row in rows]


def rehearse(round_: Round, rows: Iterable[Row], gate: Gate) -> Iterator[Sending]:
    """Say what would become of each row: ready, or left with the reason."""
    for row in rows:
        if not row.admitted:
            yield round_.left(row)
        elif not usable(row.email):
            yield round_.left(row, "no-address")
        elif reason := gate.opens():
            yield round_.left(row, reason)
        else:
            yield replace(round_.left(row), outcome="ready", reason="", reason_on=None)


def to_self(round_: Round, rehearsed: Iterable[Sending], postman: Postman, address: str) -> Iterator[Sending]:
    """Send each mail that is ready to one address; nothing is claimed, and nothing remembered."""
    for one in rehearsed:
        if one.outcome != "ready":
            yield one
            continue
        outcome = postman.deliver(own_copy(round_, one, address), debtor=one.debtor_id)
        alone = replace(one, cc=(), bcc=())
        if outcome.kind is not Kind.SENT:
            yield replace(alone, outcome=outcome.kind.value, answer=outcome.answer)
        elif round_.folder:
            yield replace(alone, outcome=TRIAL, file=round_.folder / outcome.answer)
        else:
            yield replace(alone, outcome=TRIAL)


def own_copy(round_: Round, row: Sending, address: str) -> Mail:
    """Return the mail of a row as its own user gets it: named for whom it is meant, without copies, apart from any real thread."""
    message = round_.messages[row.debtor_id, row.currency]
    told = {"to": row.email, "subject": message.subject}
    subject = for_language(round_.chosen.language).sentence("sending", "own_copy", told)
    company = replace(round_.chosen.company, copy_to="", blind_copy_to="")
    # Its own id at each call: mailboxes show a mail that they know already only once.
    mark = f"{message.step} {address} {round_.moment().isoformat()}"
    return compose(
        replace(message, subject=subject),
        company=company,
        recipient=address,
        message_id=message_id(company, row.debtor_id, row.currency, mark, []),
        at=round_.moment(),
    )
