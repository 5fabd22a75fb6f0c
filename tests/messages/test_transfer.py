"""What a customer is told to pay: amount, reference, link and the code to scan, which another program reads back."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.policy import Company
from batch.core.records import Message
from batch.messages.accounts import gather
from batch.messages.clean import clean
from batch.messages.qr import LARGEST, epc_text, qr_code
from batch.messages.render import render
from batch.messages.transfer import LONGEST_REFERENCE, Transfer, transfer
from tests.messages.plans import COMPANY, POLICY, Case, Item, make_plan

LINK = "https://pay.example/{company_id}/{number}?amount={amount}&ref={reference}"
ZBAR = shutil.which("zbarimg")
needs_zbar = pytest.mark.skipif(
    ZBAR is None and os.environ.get("CI") != "true", reason="zbarimg is not installed (Debian: zbar-tools)"
)
ACCOUNT = next(gather(make_plan(Case("reminder_1", [Item("FA-1", 5, 1000)]))))
PLAIN = Transfer("Atelier Bréval SARL", "FR7630006000011234567890189", "AGRIFRPP", 135050, "EUR", "FA-101 FA-117", "")


def write(case: Case, company: Company = COMPANY) -> Message:
    """Return the message of one account."""
    plan = make_plan(case)
    messages, _ = render(gather(plan), plan.as_of, company=company, policy=POLICY)
    return messages[case.debtor_id, case.currency]


def scanned(content: bytes, folder: Path) -> str:
    """Return what zbar reads in a picture."""
    picture = folder / "code.png"
    picture.write_bytes(content)
    command = [str(ZBAR), "--quiet", "--raw", "--oneshot", "-Sbinary", str(picture)]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


@needs_zbar
def test_the_code_says_what_the_guideline_wants(tmp_path: Path) -> None:
    """EPC069-12 version 002, line by line, as read by another program; the amount is what the mail asks for, credits set off."""
    late = [Item("FA-101", 50, 100000), Item("FA-117", 12, 45050), Item("AV-3", 0, -10000, kind="credit_note")]
    message = write(Case("reminder_1", late), replace(COMPANY, name="Atelier Bréval & Fils"))
    (image,) = message.images
    assert scanned(image.content, tmp_path).split("\n") == [
        "BCD", "002", "1", "SCT", "AGRIFRPP", "Atelier Bréval & Fils", "FR7630006000011234567890189", "EUR1350.50", "", "",
        "FA-101 FA-117",
    ]  # fmt: skip
    assert "1\u202f350,50\u00a0€" in message.text
    assert f'<img src="cid:{image.cid}" alt="Code de virement à scanner' in message.html


def test_a_formal_notice_is_paid_with_its_charges() -> None:
    """Principal, interest and fixed sum, as its own table of payment says: 1,000.00 + 16.99 + 40.00."""
    message = write(Case("formal_notice", [Item("FA-101", 50, 100000, interest=1699, fixed_sum=4000)]))
    assert len(message.images) == 1
    assert message.text.count("1\u202f056,99\u00a0€") == 2


@pytest.mark.parametrize(
    ("case", "company"),
    [
        (Case("reminder_1", [Item("FA-1", 5, 100000)], currency="USD"), COMPANY),
        (Case("plan_offer", [Item("FA-1", 5, 100000)]), COMPANY),
        (Case("reminder_1", [Item("FA-1", 5, 100000)]), replace(COMPANY, iban="")),
        (Case("reminder_1", [Item("FA-1", 5, 100000)]), replace(COMPANY, name="")),
        (Case("reminder_1", [Item("FA-1", 5, 100000)]), replace(COMPANY, payment_code=False)),
        (Case("reminder_1", [Item("FA-1", 5, LARGEST + 1)]), COMPANY),
    ],
    ids=["dollars", "amount left open", "no account", "no payee", "turned off", "beyond the guideline"],
)
def test_there_is_no_code_where_there_can_be_none(case: Case, company: Company) -> None:
    """The mail goes out without, and names no picture."""
    message = write(case, company)
    assert message.images == ()
    assert "<img" not in message.html


@pytest.mark.parametrize(("amount", "written"), [(1, "EUR0.01"), (LARGEST, "EUR999999999.99"), (100, "EUR1.00")])
def test_the_amount_keeps_to_its_bounds(amount: int, written: str) -> None:
    """Both ends of what the guideline allows."""
    assert epc_text(replace(PLAIN, amount=amount)).split("\n")[7] == written
    assert qr_code(replace(PLAIN, amount=amount)) is not None


@pytest.mark.parametrize("amount", [0, -5, LARGEST + 1])
def test_an_amount_out_of_bounds_has_no_code(amount: int) -> None:
    """Nothing to pay, or more than a transfer carries."""
    assert qr_code(replace(PLAIN, amount=amount)) is None


def test_references_that_a_bank_would_cut_are_the_customers_number() -> None:
    """The numbers of all invoices as long as they fit 140 characters, else the account's own; never part of a list."""
    fits = [Item(f"FA-2026-{number:05}", 5, 1000) for number in range(10)]  # 10 times 13 characters and 9 spaces
    assert "Référence à rappeler   FA-2026-00000 FA-2026-00001" in write(Case("reminder_1", fits[:2])).text
    assert len(" ".join(item.number for item in fits)) == LONGEST_REFERENCE - 1
    assert "FA-2026-00009\n" in write(Case("reminder_1", fits)).text.partition("Référence à rappeler")[2][:170]
    more = [*fits, Item("FA-2026-00010", 5, 1000)]
    assert "Référence à rappeler   411DURAND\n" in write(Case("reminder_1", more)).text
    assert "Référence à rappeler   411DURAND\n" in write(Case("reminder_1", [Item("", 5, 1000)])).text


def test_a_long_payee_is_cut_as_banks_cut_it() -> None:
    """Seventy characters in the code, the whole name in the mail."""
    assert epc_text(replace(PLAIN, payee="é" * 90)).split("\n")[5] == "é" * 70


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=140)


@needs_zbar
@settings(max_examples=12, deadline=None)
@given(payee=TEXT.filter(str.strip), reference=TEXT, amount=st.integers(1, LARGEST))
def test_whatever_the_code_holds_it_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, payee: str, reference: str, amount: int
) -> None:
    """Any name, reference and amount; what is too long for the guideline's largest code has none."""
    wanted = replace(PLAIN, payee=payee.strip(), reference=reference, amount=amount)
    code = qr_code(wanted)
    if code is None:
        assert len(epc_text(wanted).encode()) > 300
    else:
        assert scanned(code.content, tmp_path_factory.mktemp("code")) == epc_text(wanted)


class Links(HTMLParser):
    """The addresses that an HTML text links to."""

    def __init__(self) -> None:
        """Begin without any."""
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the address of a link."""
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def linked(message: Message) -> list[str]:
    """Return the addresses that the HTML form links to."""
    reader = Links()
    reader.feed(message.html)
    return reader.found


def test_the_link_is_filled_and_stands_in_both_forms() -> None:
    """Fields of one invoice: the creditor's number without spaces, the amount with a point."""
    message = write(Case("reminder_1", [Item("FA-101", 5, 123450)]), replace(COMPANY, payment_link=LINK))
    address = "https://pay.example/123456782/FA-101?amount=1234.50&ref=FA-101"
    assert linked(message) == [address]
    assert f"Payer en ligne         {address}\n" in message.text
    assert "Pour régler par virement ou en ligne\u00a0:" in message.text


@settings(max_examples=60, deadline=None)
@given(number=st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_no_number_leads_elsewhere(number: str) -> None:
    """Whatever an invoice is called, server and path stay as they are and the value comes back whole."""
    company = replace(COMPANY, payment_link=LINK)
    account = replace(ACCOUNT, asked_for=[ACCOUNT.asked_for[0]._replace(number=number)])
    address = transfer(account, company, 1000).link
    assert bool(address) == bool(clean(number))
    if address:
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "pay.example", "")
        _, creditor, shown = parts.path.split("/")
        assert (creditor, unquote(shown)) == ("123456782", clean(number))
        assert parse_qs(parts.query) == {"amount": ["10.00"], "ref": [clean(number)]}
        assert re.fullmatch(r"[!-~]+", address)


def test_a_link_for_one_invoice_is_left_out_where_there_are_several() -> None:
    """A pattern without {number} serves every mail."""
    case = Case("reminder_1", [Item("FA-1", 5, 1000), Item("FA-2", 5, 1000)])
    assert linked(write(case, replace(COMPANY, payment_link=LINK))) == []
    whole = replace(COMPANY, payment_link="https://pay.example/?c={debtor_id}&a={amount}&ref={reference}")
    assert linked(write(case, whole)) == ["https://pay.example/?c=411DURAND&a=20.00&ref=FA-1%20FA-2"]


def test_yen_have_no_decimals() -> None:
    """The amount in the link has as many places as its currency."""
    company = replace(COMPANY, payment_link="https://pay.example/{currency}/{amount}")
    assert linked(write(Case("reminder_1", [Item("FA-1", 5, 1000)], currency="JPY"), company)) == [
        "https://pay.example/JPY/1000"
    ]


def test_a_page_alone_is_enough() -> None:
    """Without a bank account the mail names the page; with neither it says nothing about how to pay."""
    company = replace(COMPANY, iban="", bic="", payment_link="https://pay.example/{debtor_id}")
    case = Case("reminder_1", [Item("FA-1", 5, 1000)], debtor={"language": "en"})
    message = write(case, company)
    assert "To pay online:" in message.text
    assert "IBAN" not in message.text + message.html
    nothing = write(case, replace(company, payment_link=""))
    assert "To pay" not in nothing.text.replace("To pay   ", "")
    assert nothing.images == ()
