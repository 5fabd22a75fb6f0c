"""The script a user would write: read the ledger with pandas, age it, group it, write it back with openpyxl.

The yardstick of benchmarks/run.py. It does less than Relance (no standing, no step, no mail, and the user's own formats,
comments and charts are gone from what it writes); it is written the way the manuals of pandas show it, neither slowed nor tuned.
"""

import sys
from pathlib import Path

import pandas as pd

AS_OF = pd.Timestamp("2026-11-20")
EDGES = [float("-inf"), 0, 30, 60, 90, float("inf")]
BUCKETS = ["not due", "1-30", "31-60", "61-90", "over 90"]


def annotate(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with days late and bucket of every open line."""
    still_open = ledger["Solde dû"] != 0
    days_late = (AS_OF - ledger["Date d'échéance"]).dt.days
    return ledger.assign(
        **{
            "Jours de retard": days_late.where(still_open),
            "Tranche": pd.cut(days_late, EDGES, labels=BUCKETS).where(still_open),
        }
    )


def summarise(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return what each customer owes and what of it is late, biggest first, with mean delay of what was paid."""
    late = ledger["Jours de retard"] > 0
    delay = (ledger["Date de règlement"] - ledger["Date d'échéance"]).dt.days
    customers = ["Compte client", "Client", "Devise"]
    return (
        ledger.assign(**{"En retard": ledger["Solde dû"].where(late, 0), "Retard moyen": delay})
        .groupby(customers, as_index=False)
        .agg({"Solde dû": "sum", "En retard": "sum", "Jours de retard": "max", "Retard moyen": "mean"})
        .sort_values("En retard", ascending=False)
    )


def main(source: Path, target: Path) -> None:
    """Read `source`, write the annotated ledger and the summary to `target`."""
    ledger = annotate(pd.read_excel(source, engine="openpyxl"))
    with pd.ExcelWriter(target, engine="openpyxl") as workbook:
        ledger.to_excel(workbook, sheet_name="Balance", index=False)
        summarise(ledger).to_excel(workbook, sheet_name="Synthèse", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
