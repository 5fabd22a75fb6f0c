"""Numbers of customers and invoices that a spreadsheet program has shortened: said, and never taken for a customer's own."""

import re
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from batch.core.problem import Severity
from batch.ledger.files.sheets import Cell
from batch.ledger.table.findings import Findings

_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_EXACT = 10**15  # beyond it a spreadsheet program keeps no further figure of a number


def lost_numbers(cells: Mapping[str, Sequence[Cell]], count: int, findings: Findings) -> np.ndarray:
    """Return the items whose customer number is shortened (each a Problem); shortened invoice numbers are counted in one."""
    left_out = np.zeros(count, dtype=bool)
    if customers := _lost(cells.get("customer_id", ())):
        findings.cells("CUSTOMER-NUMBER-LOST", Severity.ERROR, "customer_id", customers, cells["customer_id"])
        left_out[customers] = True
    if invoices := _lost(cells.get("invoice_number", ())):
        first = cells["invoice_number"][invoices[0]]
        where = findings.place("invoice_number", invoices[0], first)
        findings.say("INVOICE-NUMBERS-LOST", Severity.WARNING, where, n=len(invoices), example=str(first))
    return left_out


def _lost(cells: Sequence[Cell]) -> list[int]:
    """Return the places of "1.2E+15" and of numbers with more figures than a spreadsheet program keeps."""
    if set(map(type, cells)) == {str} and "+" not in "".join(cast("Sequence[str]", cells)):
        return []
    lost = {
        cell
        for cell in set(cells)
        if (isinstance(cell, str) and "+" in cell and _SHORTENED.fullmatch(cell))
        or (isinstance(cell, float) and abs(cell) >= _EXACT)
    }
    return [place for place, cell in enumerate(cells) if cell in lost] if lost else []
