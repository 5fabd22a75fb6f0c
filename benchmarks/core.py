"""Time core.make_plan alone on tables made here; print CPU seconds, peak memory, and how they grow from size to size.

Each size is a process of its own, so that its peak memory (resource usage) is its own; what the tables and the libraries take before
the plan is made is told apart. The middle value of the runs counts. POSIX only.
"""

import argparse
import datetime as dt
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))  # a checkout need not be installed

AS_OF = dt.date(2026, 11, 20)
SIZES = ((100_000, 100_000), (1_000_000, 1_000_000))  # items, events
RUNS = 3
SEED = 2026
ITEMS_PER_DEBTOR = 8
HISTORY_DAYS = 540
BEHIND, UNPAID, PAID_IN_PART, WITH_COMMENT, WITHOUT_EMAIL = 0.25, 0.6, 0.05, 0.04, 0.04
TERMS = (30, 30, 30, 45, 60)
COMMENTS = (
    "Virement promis", "Relancé par téléphone", "Litige sur la quantité livrée", "Demande un duplicata de facture",
    "Échéancier demandé", "Chèque annoncé", "Bon de commande manquant", "RAS",
)  # fmt: skip
# What a journal holds, by frequency: kind, step.
EVENTS = (
    ("sent", "reminder_1", 0.45), ("sent", "reminder_2", 0.2), ("sent", "courtesy", 0.1), ("sent", "formal_notice", 0.03),
    ("called", "call", 0.08), ("replied", "", 0.08), ("promised", "", 0.03), ("disputed", "", 0.01), ("bounced", "", 0.01),
    ("held", "", 0.01),
)  # fmt: skip
RSS_PER_MB = 1024 * 1024 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """What one plan took: CPU seconds (core does not wait, and a busy machine does not count), peak memory in MB, and the part of it that was there before."""

    seconds: float
    megabytes: float
    before: float


def make_tables(count: int, happened: int) -> tuple[Any, Any]:
    """Return a Ledger of so many items, 85 % of them paid, and EVENTS of its debtors; always the same."""
    import numpy as np  # noqa: PLC0415  the parent process stays small
    import pandas as pd  # noqa: PLC0415

    from batch.core.records import Ledger, LedgerFile  # noqa: PLC0415
    from batch.core.tables import DEBTORS, ITEMS, PAYMENTS  # noqa: PLC0415
    from batch.core.tables import EVENTS as FORM  # noqa: PLC0415

    chance = np.random.default_rng(SEED)
    people = max(1, count // ITEMS_PER_DEBTOR)
    ids = np.array([f"411C{place:06d}" for place in range(people)])
    today = np.datetime64(AS_OF, "D")
    whose = chance.integers(0, people, count)
    behind, delay = chance.random(people) < BEHIND, chance.integers(-5, 25, people)
    issued = today - chance.integers(1, HISTORY_DAYS, count)
    due = issued + chance.choice(TERMS, count)
    paid_on = due + delay[whose] + chance.integers(-3, 4, count)
    recent = (today - issued).astype("int64") < HISTORY_DAYS // 2
    open_ = (paid_on >= today) | (behind[whose] & recent & (chance.random(count) < UNPAID))
    amount = np.round(np.exp(chance.normal(7, 1, count)) * 100).astype("int64") + 100
    part = open_ & (chance.random(count) < PAID_IN_PART)
    left = np.where(open_, np.where(part, amount // 2, amount), 0)
    numbers = np.array([f"FA-{place:07d}" for place in range(count)])
    items = pd.DataFrame(
        {"number": numbers, "debtor_id": ids[whose], "issued": issued, "due": due, "amount": amount, "open": left}
    )
    items["item_id"] = items["debtor_id"] + "|invoice|" + items["number"]
    items["note"] = np.where(open_ & (chance.random(count) < WITH_COMMENT), chance.choice(COMMENTS, count), "")
    items["paid_on"] = pd.Series(paid_on).where(~pd.Series(open_))
    items = items.assign(
        kind="invoice", currency="EUR", sent_on=None, payment_mode="", disputed=False, hold_until=None, retention=False,
        reference="", source_sheet="Ledger", source_row=np.arange(2, count + 2),
    )  # fmt: skip
    debtors = pd.DataFrame({"debtor_id": ids, "name": ids, "email": ids, "known_since": today - HISTORY_DAYS})
    debtors["email"] = np.where(
        chance.random(people) >= WITHOUT_EMAIL, "compta@" + pd.Series(ids).str.lower() + ".example", ""
    )
    debtors = debtors.assign(nature="business", **{
        name: "" for name in DEBTORS.columns if name not in (*debtors.columns, "nature")
    })  # fmt: skip
    payments = pd.DataFrame({"item_id": items["item_id"], "at": due + 10, "amount": amount - left})[
        part & (due + 10 <= today)
    ]
    # Things happen to what is, or was, late: an event's item is any item, its day some days after the due day.
    which, what = chance.integers(0, count, happened), chance.choice(len(EVENTS), happened, p=_shares())
    kind, step = (np.array([event[place] for event in EVENTS])[what] for place in (0, 1))
    at = np.minimum(due[which] + chance.integers(1, 60, happened), today)
    events = pd.DataFrame({"at": at, "kind": kind, "step": step, "until": at + 10})
    events["until"] = events["until"].where(np.isin(kind, ["promised", "held"]))
    events = events.assign(
        item_id=items["item_id"].to_numpy()[which], debtor_id=items["debtor_id"].to_numpy()[which], number=numbers[which],
        currency="EUR", round=1, amount=0, message_id="", value="", meaning="", by="relance",
        note=np.where(kind == "replied", "nous reglons la semaine prochaine", ""),
    ).sort_values("at", kind="stable")  # fmt: skip
    source = LedgerFile("ledger.xlsx", "0" * 64, "Ledger", 1, count + 1, count, 0, AS_OF)
    ledger = Ledger(source, ITEMS.conform(items), DEBTORS.conform(debtors), PAYMENTS.conform(payments), FORM.empty())
    return ledger, FORM.conform(events)


def _shares() -> list[float]:
    return [share / sum(event[2] for event in EVENTS) for *_, share in EVENTS]


def peak() -> float:
    """Return the peak memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / RSS_PER_MB


def once(count: int, happened: int, profile: str) -> Cost:
    """Make the tables and one plan in this process; write a cProfile to `profile` if it is named."""
    import cProfile  # noqa: PLC0415

    from batch import settings  # noqa: PLC0415
    from batch.core.plan import make_plan  # noqa: PLC0415

    policy = settings.load(None, beside=None, environment={}).policy
    small_ledger, small_events = make_tables(100, 100)
    make_plan(small_ledger, small_events, policy, AS_OF, first_run=False)
    ledger, events = make_tables(count, happened)
    before, watch = peak(), cProfile.Profile() if profile else None
    if watch:
        watch.enable()
    start = time.process_time()
    make_plan(ledger, events, policy, AS_OF, first_run=False)
    seconds = time.process_time() - start
    if watch:
        watch.disable()
        watch.dump_stats(profile)
    return Cost(seconds, peak(), before)


def measure(count: int, happened: int, runs: int) -> Cost:
    """Return the middle cost of some runs, each in a process of its own."""
    command = [sys.executable, __file__, "--once", str(count), str(happened)]
    said = [subprocess.run(command, check=True, capture_output=True, text=True).stdout.split() for _ in range(runs)]
    return Cost(*(statistics.median(float(each[place]) for each in said) for place in range(3)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", metavar="ITEMS", help="as many events as items")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--once", type=int, nargs=2, metavar=("ITEMS", "EVENTS"), help="one plan in this process")
    parser.add_argument("--profile", default="", metavar="FILE", help="with --once: write a cProfile there")
    wanted = parser.parse_args(arguments)
    if wanted.once:
        print(*once(wanted.once[0], wanted.once[1], wanted.profile))
        return
    print(f"{'items':>9}  {'events':>9}  {'plan s':>7}  {'µs/item':>7}  {'peak MB':>8}  {'before MB':>9}", flush=True)
    costs = []
    for count, happened in [(size, size) for size in wanted.sizes] if wanted.sizes else SIZES:
        cost = measure(count, happened, wanted.runs)
        costs.append((count, cost))
        print(
            f"{count:>9,}  {happened:>9,}  {cost.seconds:>7.2f}  {cost.seconds / count * 1e6:>7.1f}"
            f"  {cost.megabytes:>8.0f}  {cost.before:>9.0f}",
            flush=True,
        )
    (small, first), (large, last) = costs[0], costs[-1]
    if len(costs) > 1:
        memory = (last.megabytes - last.before) / max(1.0, first.megabytes - first.before)
        print(
            f"{large / small:.0f} times the items: {last.seconds / first.seconds:.1f} times the seconds, {memory:.1f} times the memory"
        )


if __name__ == "__main__":
    main()
