"""Everything known and what was made of it → ADVICE: what would avoid the next unpaid invoice (DOMAIN.md, section 6).

Each function is one advice, about a debtor, an invoice, or (neither) the whole file. `amount` is always what the advice is about:
the invoice, else what the debtor has overdue or, with nothing overdue, open, in the currency it owes most in.
"""

import pandas as pd

from batch.core.calendar import days_between, no_days
from batch.core.evidence import Known
from batch.core.keys import NONE
from batch.core.lookup import look_up
from batch.core.records import Ledger
from batch.core.tables import ADVICE, FACT_FIGURES

SLOW_BILLING = 8  # days between an invoice's date and its sending from which it is billed late
ENOUGH = 3  # paid invoices that make a habit or a usual amount
HABITUAL = (10, 30)  # mean days late from which a discount, and from which shorter terms, are worth a word
LONG_TERMS = 30  # days; longer ones can be shortened
OUTSIZE = 3  # times the usual amount
TRUSTED, UNTRUSTED = ("current", "forgetful"), ("in_difficulty", "dishonest")

_LIMIT_HEADING = r"(?i)plafond|limit|encours"
_NOT_COMPUTED = ("DUE-DATE-COMPUTED", "DUE-DATE-BY-TERMS")


def advise(
    ledger: Ledger, known: Known, standings: pd.DataFrame, accounts: pd.DataFrame, evidence: pd.DataFrame
) -> pd.DataFrame:
    """Return ADVICE, by code and within a code the largest amount first."""
    standings, accounts, evidence = (known.numbered(table) for table in (standings, accounts, evidence))
    sizes = _sizes(accounts)
    late = sizes[sizes["late"]].index
    found = [
        _ask_email(known),
        _ask_address(known, late),
        _ask_deposit(known, standings),
        _change_terms(known, standings, evidence),
        _bill_sooner(known),
        _credit_limit(ledger, known, accounts),
        _about_invoices(known, evidence),
        _about_the_file(ledger, known),
    ]
    found = [rows for rows in found if len(rows)]
    if not found:
        return ADVICE.empty()
    nothing = ADVICE.empty().astype({"debtor_id": "int64", "item_id": "int64"})
    rows = pd.concat([nothing, *found], ignore_index=True)
    whole = rows["amount"].isna()
    rows["amount"] = rows["amount"].where(~whole, look_up(rows["debtor_id"], sizes["size"])).fillna(0)
    rows["currency"] = rows["currency"].where(~whole, look_up(rows["debtor_id"], sizes["currency"]))
    rows = rows.fillna({"n": 0, "m": 0, "days": 0.0}).assign(at=no_days(rows.index))
    rows = rows.assign(text=rows["text"].fillna(""), item_id=rows["item_id"].fillna(NONE).astype("int64"))
    ordered = rows.sort_values(["code", "amount", "debtor_id"], ascending=[True, False, True], kind="stable")
    return ADVICE.conform(known.worded(ordered[["debtor_id", "item_id", "code", *FACT_FIGURES]]))


def _sizes(accounts: pd.DataFrame) -> pd.DataFrame:
    """Return by debtor the amount that matters most (`size`), its currency, and whether anything is overdue."""
    size = accounts["overdue"].mask(accounts["overdue"] == 0, accounts["open"])
    rows = accounts.assign(size=size, late=accounts["overdue"] > 0).sort_values("overdue", kind="stable")
    return rows.drop_duplicates("debtor_id", keep="last").set_index("debtor_id")[["size", "currency", "late"]]


def _ask_email(known: Known) -> pd.DataFrame:
    """No e-mail address, and nobody typed one."""
    without = known.debtors["email"] == ""
    typed = known.debtors["debtor_id"].isin(known.of("address")["debtor_id"])
    return known.debtors.loc[without & ~typed, ["debtor_id"]].assign(code="ask-email")


def _ask_address(known: Known, late: pd.Index) -> pd.DataFrame:
    """Something is overdue and the file has no postal address for this customer, though it has some for others."""
    without = known.debtors["address"] == ""
    if without.all():
        return known.debtors.head(0)[["debtor_id"]]
    return known.debtors.loc[without & known.debtors["debtor_id"].isin(late), ["debtor_id"]].assign(code="ask-address")


def _ask_deposit(known: Known, standings: pd.DataFrame) -> pd.DataFrame:
    """The customer cannot pay, or will not: `n` invoices are overdue."""
    hard = standings.loc[standings["standing"].isin(UNTRUSTED), ["debtor_id"]]
    return hard.assign(code="ask-deposit", n=look_up(hard["debtor_id"], known.count_late()))


def _change_terms(known: Known, standings: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """The customer pays, but late by habit: `n` of `m` paid invoices, `days` on average.

    Long delays and long terms (`n` days of them, on average): shorter terms. Shorter delays: an early-payment discount would pay for
    itself, unless one is offered already. Whoever is asked for a deposit is not offered a discount.
    """
    trusted = standings.loc[standings["standing"].isin(TRUSTED), "debtor_id"]
    habit = evidence[(evidence["code"] == "habit-late") & (evidence["m"] >= ENOUGH)]
    habit = habit.loc[habit["debtor_id"].isin(trusted), ["debtor_id", "n", "m", "days"]]
    if habit.empty:
        return habit
    invoices = known.invoices[["debtor_id", "issued", "due"]][known.invoices["debtor_id"].isin(habit["debtor_id"])]
    terms = days_between(invoices["issued"], invoices["due"]).groupby(invoices["debtor_id"]).mean().round()
    habit = habit.assign(terms=look_up(habit["debtor_id"], terms))
    some, much = HABITUAL
    slow = habit[(habit["days"] >= much) & (habit["terms"] > LONG_TERMS)]
    slow = slow.drop(columns=["n"]).rename(columns={"terms": "n"}).assign(code="shorten-terms")
    if known.policy.discount.basis_points:
        return slow
    near = habit[(habit["days"] >= some) & (habit["days"] < much)]
    return pd.concat([slow, near.drop(columns=["terms"]).assign(code="offer-discount")], ignore_index=True)


def _bill_sooner(known: Known) -> pd.DataFrame:
    """Half of the customer's invoices or more, two at least, left eight days or more after their date: `n` of `m`, `days` on average."""
    sent = known.invoices[known.invoices["sent_on"].notna()]
    if sent.empty:
        return sent[["debtor_id"]]
    lag = days_between(sent["issued"], sent["sent_on"])
    rows = pd.DataFrame({"debtor_id": sent["debtor_id"], "lag": lag, "slow": lag >= SLOW_BILLING})
    groups = rows.groupby("debtor_id")
    billed = pd.DataFrame({"n": groups["slow"].sum(), "m": groups.size(), "days": groups["lag"].mean()})
    found: pd.DataFrame = billed[(billed["n"] >= 2) & (2 * billed["n"] >= billed["m"])].reset_index()  # noqa: PLR2004
    return found.assign(code="bill-sooner")


def _credit_limit(ledger: Ledger, known: Known, accounts: pd.DataFrame) -> pd.DataFrame:
    """More is open than the credit limit of the customers' file (a rating column that is headed as a limit); `text` is the limit."""
    contacts = ledger.source.contacts
    columns = ledger.source.columns + (contacts.columns if contacts else ())
    headings = pd.Series([heading for field, _, heading in columns if field == "rating"], dtype="str")
    rated = known.debtors.loc[known.debtors["rating"] != "", ["debtor_id", "rating"]]
    if rated.empty or not headings.str.contains(_LIMIT_HEADING).any():
        return rated[["debtor_id"]].head(0)
    plain = rated["rating"].str.replace(r"[^\d.,-]", "", regex=True).str.replace(",", ".")
    limits = pd.to_numeric(plain, errors="coerce").set_axis(rated["debtor_id"])
    mine = accounts[accounts["currency"] == known.policy.currency]
    limit = look_up(mine["debtor_id"], limits) * 100
    over = mine.loc[(limit > 0) & (mine["open"] > limit), ["debtor_id", "open", "currency"]]
    texts = look_up(over["debtor_id"], rated.set_index("debtor_id")["rating"])
    return over.rename(columns={"open": "amount"}).assign(code="credit-limit", text=texts)


def _about_invoices(known: Known, evidence: pd.DataFrame) -> pd.DataFrame:
    """Overdue invoices without the reference that `n` of the customer's `m` invoices carry, or `n` times as large as usual."""
    late = known.late[["item_id", "debtor_id", "open", "amount", "currency", "reference"]]
    paid = known.paid.groupby("debtor_id")["amount"]
    usual = (paid.mean()[paid.size() >= ENOUGH]).clip(lower=1)
    times = (late["amount"] / look_up(late["debtor_id"], usual)) // 1
    large = late.assign(n=times, code="stage-invoices")[times >= OUTSIZE]
    usually = evidence.loc[evidence["code"] == "reference-missing", ["debtor_id", "n", "m"]]
    unnamed = late[late["reference"] == ""].merge(usually, on="debtor_id").assign(code="add-reference")
    rows = pd.concat([large, unnamed], ignore_index=True)
    return rows.drop(columns=["amount", "reference"]).rename(columns={"open": "amount"})


def _about_the_file(ledger: Ledger, known: Known) -> pd.DataFrame:
    """`n` invoices have no due date; no customer has an address; the terms of sale do not go out with the invoices."""
    undated = sum(_count(problem.facts.get("n")) for problem in ledger.problems if problem.code in _NOT_COMPUTED)
    unaddressed = len(known.late) and (known.debtors["address"] == "").all()
    said = {
        "add-due-date": undated,
        "add-addresses": known.late["debtor_id"].nunique() if unaddressed else 0,
        "attach-terms": 0 if known.policy.terms_of_sale else len(known.late),
    }
    rows = [(code, n) for code, n in said.items() if n]
    return pd.DataFrame(rows, columns=["code", "n"]).assign(debtor_id=NONE, item_id=NONE, amount=0, currency="")


def _count(fact: object) -> int:
    return fact if isinstance(fact, int) else 0
