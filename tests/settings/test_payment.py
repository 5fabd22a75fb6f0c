"""The bank account and the pages to pay on: what is taken, and what a mistyped one is told."""

from pathlib import Path

import pytest

from batch.core.problem import RelanceError
from batch.settings import Settings, load
from batch.words import Words


def written(folder: Path, text: str) -> Settings:
    """Return the settings of a relance.toml with this text."""
    (folder / "relance.toml").write_text(text, encoding="utf-8")
    return load(None, beside=folder, environment={})


def refused(folder: Path, text: str) -> tuple[str, int, str, str]:
    """Return code, line, message and remedy."""
    with pytest.raises(RelanceError) as caught:
        written(folder, text)
    return caught.value.code, caught.value.source.row, *Words("en").problem(caught.value)


@pytest.mark.parametrize("text", ["FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189"])
def test_an_iban_is_taken_as_people_write_it(tmp_path: Path, text: str) -> None:
    """Spaces and case do not matter; it is kept in its plain form."""
    assert written(tmp_path, f'[company]\niban = "{text}"').company.iban == "FR7630006000011234567890189"


@pytest.mark.parametrize(
    ("iban", "remedy"),
    [
        ("FR76 3000 6000 0112 3456 7890 188", "It takes a correct IBAN: its check digits say that it holds a typing error."),
        ("FR76 3000 6000 0112 3456 7890 1", "It takes an IBAN of 27 characters for the country “FR”; this one has 25."),
        ("XX76 3000 6000 0112 3456 7890 189", "It takes an IBAN that begins with a known country; “XX” is none."),
        ("Banque Exemple, compte 12345", "It takes an IBAN: two letters for the country, two check digits, then the account."),
        ("FR", "It takes an IBAN: two letters for the country, two check digits, then the account."),
    ],
)  # fmt: skip
def test_a_wrong_iban_says_what_is_wrong(tmp_path: Path, iban: str, remedy: str) -> None:
    """Check digits, length, country or form; the line is named."""
    code, row, message, hint = refused(tmp_path, f'[company]\nname = "Alpha"\niban = "{iban}"')
    assert (code, row) == ("SETTINGS-VALUE", 3)
    assert message == f'The setting “company.iban” cannot be "{iban}".'
    assert hint == remedy


def test_a_bic_is_checked(tmp_path: Path) -> None:
    """Its form, its country, and that it goes with the IBAN; a bank of Monaco goes with a French account."""
    iban = '[company]\niban = "FR7630006000011234567890189"\n'
    assert written(tmp_path, f'{iban}bic = "agri fr pp"').company.bic == "AGRIFRPP"
    assert written(tmp_path, f'{iban}bic = "AGRIMCM1"').company.bic == "AGRIMCM1"
    assert refused(tmp_path, f'{iban}bic = "AGRI"')[3].startswith("It takes a BIC of 8 or 11 characters")
    code, row, message, hint = refused(tmp_path, f'{iban}bic = "DEUTDEFF"')
    assert (code, row, message) == ("SETTINGS-VALUE", 3, 'The setting “company.bic” cannot be "DEUTDEFF".')
    assert hint == "It takes a BIC of the same country as the IBAN (FR)."


@pytest.mark.parametrize(
    ("link", "remedy"),
    [
        ("http://pay.example/{number}", "an address that begins with https://"),
        ("https://{number}.example/", "an address that begins with https://"),
        ("https://user:word@pay.example/", "an address that begins with https://"),
        ("javascript:alert(1)", "an address that begins with https://"),
        ("https://pay.example/{number", "an address that begins with https://"),
        ("https://pay.example/{number!r}", "an address that begins with https://"),
        ("https://pay.example/{number.__class__}", "a pattern without {number.__class__}"),
        (
            "https://pay.example/{numbr}",
            "a pattern without {numbr} (did you mean {number}?); possible fields: company_id, ",
        ),
        ("https://pay.example/{}", "a pattern without {}; possible fields"),
    ],
)
def test_a_payment_link_is_a_safe_pattern(tmp_path: Path, link: str, remedy: str) -> None:
    """Only https, a server that no value names, and known fields; the nearest one is proposed."""
    code, row, message, hint = refused(tmp_path, f"[payment]\nlink = '{link}'")
    assert (code, row) == ("SETTINGS-VALUE", 2)
    assert "payment.link" in message
    assert hint.startswith(f"It takes {remedy}")


def test_payment_settings_reach_the_company(tmp_path: Path) -> None:
    """The pattern as written; the code to scan is on unless it is turned off."""
    link = "https://pay.example/{company_id}/{number}?amount={amount}"
    company = written(tmp_path, f'[payment]\nlink = "{link}"\nqr = false').company
    assert (company.payment_link, company.payment_code) == (link, False)
    assert written(tmp_path, "").company.payment_code


def test_answers_and_copies(tmp_path: Path) -> None:
    """Addresses of one's own; what is none is refused."""
    company = written(
        tmp_path, '[mail]\nreply_to = "a@b.example"\ncc_self = "c@b.example"\nbcc_self = "d@b.example"'
    ).company
    assert (company.reply_to, company.copy_to, company.blind_copy_to) == ("a@b.example", "c@b.example", "d@b.example")
    assert refused(tmp_path, '[mail]\nbcc_self = "d@b.example, e@b.example"')[:2] == ("SETTINGS-VALUE", 2)


def test_attachments_are_meant_from_the_settings_folder(tmp_path: Path) -> None:
    """Folder and terms lie below the folder of relance.toml; the terms need no advice any more."""
    policy = written(
        tmp_path,
        '[attachments]\ninvoices = "pdf"\nterms = "cgv.pdf"\npattern = "{debtor_id}/{number}.PDF"\nmissing = "hold"\nmax_mb = 5\n',
    ).policy
    wanted = policy.attachments
    assert (wanted.invoices, wanted.terms) == (str(tmp_path / "pdf"), str(tmp_path / "cgv.pdf"))
    assert (wanted.hold, wanted.max_bytes, wanted.pattern) == (True, 5_000_000, "{debtor_id}/{number}.PDF")
    assert policy.terms_of_sale
    plain = written(tmp_path, "").policy
    assert (plain.attachments.invoices, plain.attachments.hold, plain.terms_of_sale) == ("", False, False)
    assert plain.attachments.steps == {"reminder_1", "reminder_2", "resend_invoice", "formal_notice"}


@pytest.mark.parametrize(
    "pattern",
    ["{number}", "invoice.pdf", "../{number}.pdf", "/pdf/{number}.pdf", "a//{number}.pdf", "./{number}.pdf", "{number}/x.pdf",
     "C:{number}.pdf", "a\\\\{number}.pdf", "{number}*.pdf", "{number:>9}.pdf", "{numero}.pdf"],
)  # fmt: skip
def test_a_pattern_of_files_stays_in_its_folder(tmp_path: Path, pattern: str) -> None:
    """It names the invoice and ends in .pdf; no way up, no whole path, no wildcard, no unknown field."""
    code, row, message, hint = refused(tmp_path, f'[attachments]\npattern = "{pattern}"')
    assert (code, row) == ("SETTINGS-VALUE", 2)
    assert "attachments.pattern" in message
    assert "{number}" in hint
