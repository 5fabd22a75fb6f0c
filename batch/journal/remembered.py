"""The journal → how often each mail left, or may have left, by Message-ID: what the archive of mails is compared with."""

from sqlalchemy import Connection, func, select

from batch.journal import schema

# A mail that was put off or refused never left; one that a person released as not sent may lie in the archive all the same.
_MAY_HAVE_LEFT = ("pending", "sent", "uncertain", "not_sent")
_SAY_SO = ("sent", "uncertain")


def left(connection: Connection, company: str) -> dict[str, int]:
    """Return how often each mail may have left; of imported ones, which have no claim, at most so often as there are events."""
    claims, events = schema.claims.c, schema.events.c
    told = connection.execute(
        select(events.message_id, func.count())
        .where(events.company == company, events.kind.in_(_SAY_SO), events.message_id != "")
        .group_by(events.message_id)
    ).all()
    claimed = connection.execute(
        select(claims.message_id, func.count())
        .where(claims.company == company, claims.state.in_(_MAY_HAVE_LEFT))
        .group_by(claims.message_id)
    ).all()
    return {message_id: int(times) for message_id, times in (*told, *claimed)}
