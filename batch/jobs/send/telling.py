"""Rows of a round → the same rows with all that a person is told of them: subject, sum, what changed, which mails are in doubt."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from batch.core.problem import Money
from batch.core.refusals import KINDS, refused_on
from batch.core.tables import ACCOUNT
from batch.jobs.send.post import Round
from batch.journal import Claim
from batch.report import Sending
from batch.report.sending import REFUSED_BEFORE, UNCLEAR
from batch.words import Said

NAMED = 3  # changes of one account that are told
CHANGED = ("paid-since", "changed-since")


@dataclass(frozen=True)
class Telling:
    """What is known of the accounts of a round; `changed` is OVERTAKEN."""

    round: Round
    changed: pd.DataFrame

    def of(self, row: Sending) -> Sending:
        """Return the row with its mail's subject and sum and, where it was left because something changed, with what did."""
        key = row.debtor_id, row.currency
        message = self.round.messages.get(key)
        told = replace(row, subject=message.subject if message else "", asked=self._asked.get(key, 0))
        if row.reason in CHANGED:
            return replace(told, facts={"what": self._changes.get(key)})
        if row.reason == REFUSED_BEFORE:
            return replace(told, facts={"address": row.email}, doubts=self._refusal(row))
        return replace(told, facts=self._blocks.get(key, {})) if row.reason else told

    def with_doubts(self, rows: Iterable[Sending], doubts: Iterable[Claim]) -> Iterator[Sending]:
        """Give each row that waits for a mail of unknown fate the Message-IDs to say it of."""
        keys: dict[str, dict[str, None]] = {}
        for claim in doubts:
            keys.setdefault(claim.debtor_id, {})[claim.message_id] = None
        for row in rows:
            doubtful = row.outcome == "uncertain" or row.reason == UNCLEAR
            yield replace(row, doubts=tuple(keys.get(row.debtor_id, ()))) if doubtful else row

    def _refusal(self, row: Sending) -> tuple[str, ...]:
        """Return the Message-ID of the mail that the server refused at the row's address; none where a file of the past told it."""
        found = refused_on(pd.Series([row.debtor_id]), pd.Series([row.email]), self._said_of_addresses)
        return tuple(one for one in found["message_id"].tolist() if one)

    @cached_property
    def _said_of_addresses(self) -> pd.DataFrame:
        events = self.round.today.events
        return events[events["kind"].isin(KINDS)]

    @cached_property
    def _asked(self) -> dict[tuple[str, str], int]:
        columns = self.round.shown.account_steps[[*ACCOUNT, "asked"]]
        return {(debtor, currency): asked for debtor, currency, asked in columns.itertuples(index=False, name=None)}

    @cached_property
    def _blocks(self) -> dict[tuple[str, str], dict[str, object]]:
        """Return the figures of what keeps each account back today."""
        steps = self.round.today.account_steps
        columns = steps.loc[steps["blocked_by"] != "", [*ACCOUNT, "reason_amount", "reason_days"]]
        return {
            (debtor, currency): {"amount": Money(amount, currency), "days": days}
            for debtor, currency, amount, days in columns.itertuples(index=False, name=None)
        }

    @cached_property
    def _changes(self) -> dict[tuple[str, str], list[Said]]:
        found: dict[tuple[str, str], list[Said]] = {}
        for debtor, currency, code, number, was, now in self.changed.itertuples(index=False, name=None):
            facts = {"number": number, "was": Money(was, currency), "now": Money(now, currency)}
            found.setdefault((debtor, currency), []).append(Said("overtaken", code, facts))
        return {
            key: [*said[:NAMED], Said("overtaken", "more", {"n": len(said) - NAMED})] if len(said) > NAMED else said
            for key, said in found.items()
        }
