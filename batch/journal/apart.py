"""EVENTS ↔ an events file for each customer: what lies beside the customer's mails in the archive, should the journal be lost."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from batch.core.problem import Problem
from batch.journal.exchange import HEADING_ROW, csv_rows, read_events


def write_apart(events: pd.DataFrame, places: Mapping[str, Path]) -> list[str]:
    """Write the events of each of these customers to its file, beside first, then renamed; return why files could not be written."""
    mine = events[events["debtor_id"].isin(places)]
    rows: dict[str, list[tuple[str, ...]]] = {}
    for debtor, row in zip(mine["debtor_id"].tolist(), csv_rows(mine), strict=True):
        rows.setdefault(debtor, []).append(row)
    failed = []
    for debtor, known in rows.items():
        beside = places[debtor].with_suffix(".part")
        try:
            with beside.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([HEADING_ROW, *known])
            beside.replace(places[debtor])
        except OSError as error:
            failed.append(error.strerror or str(error))
    return failed


def read_apart(files: Iterable[Path]) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Read such files: their EVENTS, day by day, and the rows that were not understood; raises as `exchange.read_events` does."""
    events, problems = read_events(*files)
    return events.sort_values("at", kind="stable", ignore_index=True), problems


def forgotten(events: pd.DataFrame, left: Mapping[str, int]) -> pd.DataFrame:
    """Return the events without those that say again of a mail that it left: `left` are the mails that the journal knows.

    A mail of which nobody had said whether it left is taken as sent: a reminder too few is better than one too many.
    """
    new = events[~(events["message_id"].isin(left) & events["kind"].isin(["sent", "uncertain", "released"]))]
    told = new.loc[new["kind"] == "released", "message_id"]
    unclear = (new["kind"] == "uncertain") & ~new["message_id"].isin(told)
    return new.assign(kind=new["kind"].mask(unclear, "sent"))
