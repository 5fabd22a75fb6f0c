"""Items whose days can hardly be meant: due before issue, years after it, or issued after the run; counted, never changed."""

import datetime as dt

import numpy as np
import pandas as pd

from batch.core.problem import Severity
from batch.ledger.table.findings import Findings

FAR_YEARS = 2
_DAYS_OF_A_YEAR = 366


def note_odd_days(items: pd.DataFrame, as_of: dt.date | None, findings: Findings) -> None:
    """Say how many invoices have such days, and where the first stands; `items` is tables.ITEMS."""
    invoice = (items["kind"] == "invoice").to_numpy()
    issued, due = items["issued"].to_numpy(), items["due"].to_numpy()
    early = np.flatnonzero(invoice & (due < issued))
    if len(early):
        findings.say("DUE-BEFORE-ISSUE", Severity.WARNING, findings.place("due_date", int(early[0])), n=len(early))
    far = np.flatnonzero(invoice & (due - issued > np.timedelta64(FAR_YEARS * _DAYS_OF_A_YEAR, "D")))
    if len(far):
        place = findings.place("due_date", int(far[0]))
        findings.say("DUE-FAR-OFF", Severity.WARNING, place, n=len(far), years=FAR_YEARS)
    if as_of is None or (issued == due).all():
        return
    later = np.flatnonzero(invoice & (issued > np.datetime64(as_of, "s")))
    if len(later):
        place = findings.place("issue_date", int(later[0]))
        findings.say("ISSUED-LATER", Severity.WARNING, place, n=len(later), as_of=as_of)
