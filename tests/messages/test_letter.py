"""Letters on paper, read back by other programs: what they say, where it stands, and that no name of a customer can do anything."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.core.policy import Company, Policy
from batch.messages.accounts import Account, gather
from batch.messages.letter import file_names, letters
from batch.messages.qr import epc_text
from batch.messages.render import render
from batch.messages.sample import try_wordings
from batch.messages.transfer import transfer
from batch.words import for_language
from tests.messages.plans import AS_OF, COMPANY, POLICY, Case, Item, make_plan
from tests.messages.sheets import area_of, code_of, facts_of, flowing, fonts_of, needs_readers, pages_of

FRENCH = replace(POLICY, country="FR", language="fr")
READER = {"name": "Durand SARL", "contact": "Service comptabilité", "address": "3 place du Marché\n71000 Mâcon",
          "company_id": "987654324", "country": "FR"}  # fmt: skip


class Printed:
    """The letters of some accounts by their names, and what was said of them."""

    def __init__(
        self, *cases: Case, company: Company = COMPANY, policy: Policy = FRENCH, templates: Path | None = None
    ) -> None:
        """Plan, word and draw."""
        plan = make_plan(*cases)
        self.accounts = tuple(gather(plan))
        self.messages, _ = render(self.accounts, plan.as_of, company=company, policy=policy, templates=templates)
        self.files: dict[str, bytes] = {}
        self.names, self.problems = letters(
            self.accounts, self.messages, plan.as_of, company=company, templates=templates, write=self.files.__setitem__
        )

    @property
    def only(self) -> bytes:
        """The one letter there is."""
        (content,) = self.files.values()
        return content


def notice(items: Sequence[Item], **debtor: str) -> Case:
    """Return a formal notice."""
    return Case("formal_notice", [*items], channel="letter", debtor=READER | debtor)


def late(count: int) -> list[Item]:
    """Return so many invoices, each with interest and the fixed sum; FA-1000 is 50 days late and 1,000.00 are open."""
    return [
        Item(f"FA-{1000 + at}", 50 + at, 100000 + at, amount=120000, interest=1699, fixed_sum=4000)
        for at in range(count)
    ]


@needs_readers
def test_what_a_formal_notice_carries(tmp_path: Path) -> None:
    """The words themselves, day, parties, invoice, deadline, interest and its rate, next step, account, kind of post; one page."""
    letter = Printed(notice(late(1))).only
    text = flowing(letter, tmp_path)
    for part in (
        "Lettre recommandée avec avis de réception",
        "Bourg-en-Bresse, le 20 novembre 2026",
        "Objet : mise en demeure de payer",
        "FA-1000 01/09/2026 01/10/2026 50 jours 1 200,00 € 1 000,00 €",
        "À régler 1 000,00 €",
        "la somme de 1 000,00 € au plus tard le 5 décembre 2026",
        "article 1344 du code civil",
        "12,40 % l’an",
        "Intérêts de retard 16,99 €",
        "Indemnité forfaitaire 40,00 €",
        "Total 1 056,99 €",
        "commissaire de justice",
        "IBAN FR76 3000 6000 0112 3456 7890 189",
        "BIC AGRIFRPP",
        "Votre compte chez nous : 411DURAND",
        "SIREN 987654324",
        "Hélène Morel Atelier Bressan SAS",
    ):
        assert part in text, part
    assert text.count("71000 Mâcon") == text.count("12 rue des Tanneurs") == text.count("Objet") == 1
    assert len(pages_of(letter, tmp_path)) == 1
    assert text.endswith("SIREN 123 456 782")  # the page has no number


@needs_readers
@pytest.mark.parametrize("address", ["3 place du Marché\n71000 Mâcon", "3 place du Marché, 71000 Mâcon"])
def test_the_address_is_in_the_window(address: str, tmp_path: Path) -> None:
    """The right window of a DL envelope shows 20 to 120 mm from its right edge, 20 to 55 mm from its lower edge.

    The sheet folded in three lies 0 to 10 mm off to a side, at the bottom: what the window shows in both cases is the
    address and nothing else. The registration number is no part of it. An address in one line has the town on a line of its own.
    """
    letter = Printed(notice(late(1), address=address)).only
    lines = ["Durand SARL", "Service comptabilité", "3 place du Marché", "71000 Mâcon"]
    for left in (90, 100):
        assert area_of(letter, tmp_path, left, 44, 100, 35) == lines


@needs_readers
def test_sixty_invoices_run_over_pages(tmp_path: Path) -> None:
    """Every invoice with its open amount, the heads on each page of the statement, the pages numbered, the whole sum once."""
    letter = Printed(notice(late(60))).only
    pages = pages_of(letter, tmp_path)
    text = " ".join(" ".join(pages).split())
    for at in range(60):
        assert f"FA-{1000 + at} " in text
        assert f"1 000,{at:02} €" in text
    # 60 x 1,000.00 + (0 + 1 + … + 59) cents
    assert "À régler 60 017,70 €" in text
    assert "Total 63 437,10 €" in text  # + 60 x 16.99 + 60 x 40.00
    with_rows = [page for page in pages if "FA-10" in page]
    assert len(with_rows) == 2
    assert all(page.split().count("Échéance") == 1 for page in with_rows)
    assert [page.split()[-1] for page in pages] == [f"{at}/{len(pages)}" for at in range(1, len(pages) + 1)]


@needs_readers
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("count", "broken"), [(1, True), (2, True), (3, False)])
def test_the_usual_notice_is_one_sheet(count: int, language: str, tmp_path: Path, *, broken: bool) -> None:
    """Up to three invoices, the account with its code, another invoice to come, a broken promise: nothing runs over for a few lines."""
    items = [*late(count), Item("FA-9", -12, 49800, advances=False)]
    case = Case("formal_notice", items, channel="letter", promise_broken=broken, debtor=READER | {"language": language})
    letter = Printed(case).only
    assert len(pages_of(letter, tmp_path)) == 1
    assert "FA-9" in flowing(letter, tmp_path)
    window = ["Durand SARL", "Service comptabilité", "3 place du Marché", "71000 Mâcon"]
    assert area_of(letter, tmp_path, 90, 44, 100, 35) == window


@needs_readers
def test_the_signature_has_no_page_of_its_own(tmp_path: Path) -> None:
    """However many invoices come before it, the last paragraph stands on its page, and the table of payment on that of its heading."""
    counts = []
    for count in range(2, 12):
        pages = pages_of(Printed(notice(late(count))).only, tmp_path)
        counts.append(len(pages))
        (last,) = [page for page in pages if "salutations distinguées" in page]
        assert "tenez cette lettre pour sans objet" in " ".join(last.split())
        (paid,) = [page for page in pages if "Pour régler par virement" in page]
        assert "IBAN" in paid
    assert set(counts) == {1, 2}


@needs_readers
@pytest.mark.parametrize("count", [1, 3])
def test_the_code_is_the_mails_own(count: int, tmp_path: Path) -> None:
    """Printed at 150 dots an inch a telephone reads what the mail's code holds."""
    printed = Printed(notice(late(count)))
    asked = sum(item.open + item.interest + item.fixed_sum for item in late(count))
    expected = epc_text(transfer(printed.accounts[0], COMPANY, asked))
    page = next(at for at, text in enumerate(pages_of(printed.only, tmp_path), start=1) if "IBAN" in text)
    assert code_of(printed.only, tmp_path, page) == expected
    assert f"EUR{asked // 100}.{asked % 100:02}" in expected


@needs_readers
def test_no_code_where_the_mail_has_none(tmp_path: Path) -> None:
    """Turned off in the settings: account and amount are there, no code and no word of one."""
    text = flowing(Printed(notice(late(1)), company=replace(COMPANY, payment_code=False)).only, tmp_path)
    assert "FR76 3000 6000 0112 3456 7890 189" in text
    assert "scanner" not in text


@needs_readers
def test_english_letter_abroad(tmp_path: Path) -> None:
    """The reader's language; the country is written for the post office that takes the letter, in capitals, once."""
    case = notice(late(1), language="en", country="BE", address="Rue de la Loi 1\n1000 Bruxelles")
    letter = Printed(case).only
    text = flowing(letter, tmp_path)
    for part in ("Registered letter with acknowledgement of", "Re: formal notice to pay (mise en demeure)",
                 "Bourg-en-Bresse, 20 November 2026", "1 Oct 2026", "€1,000.00", "Yours faithfully,"):  # fmt: skip
        assert part in text, part
    assert area_of(letter, tmp_path, 100, 44, 90, 35)[-2:] == ["1000 Bruxelles", "BELGIQUE"]
    said = Printed(notice(late(1), country="BE", address="Rue de la Loi 1\n1000 Bruxelles\nBelgique")).only
    assert area_of(said, tmp_path, 100, 44, 90, 35)[-2:] == ["1000 Bruxelles", "Belgique"]


@needs_readers
def test_a_reminder_by_letter(tmp_path: Path) -> None:
    """A wording that names no parties gets them, and its subject, from the letter; what is not due and what is disputed is listed."""
    items = [*late(2), Item("FA-2000", -10, 30000, advances=False), Item("AV-3", 0, -10000, kind="credit_note"),
             Item("FA-3000", 90, 5000, blocked_by="disputed-items")]  # fmt: skip
    text = flowing(Printed(Case("reminder_2", items, channel="letter", debtor=READER)).only, tmp_path)
    for part in ("Objet : Deuxième rappel : 2 factures à régler", "Durand SARL", "12 rue des Tanneurs", "Avoir AV-3",
                 "-100,00 €", "À régler 1 900,01 €", "À échoir, pour information", "FA-2000", "En attente", "FA-3000"):  # fmt: skip
        assert part in text, part


def test_the_sender_without_an_address_is_told() -> None:
    """Only where a letter is to be posted."""
    for step, codes in (("formal_notice", ["CREDITOR-ADDRESS-MISSING"]), ("reminder_1", [])):
        problems = Printed(Case(step, late(1), debtor=READER), company=replace(COMPANY, address=" ")).problems
        assert [one.code for one in problems] == codes


def test_a_letter_goes_with_notices_and_with_its_channel() -> None:
    """A formal notice by mail has one, too; a reminder only where its channel is the letter."""
    for step, channel, expected in (
        ("formal_notice", "mail", 1),
        ("reminder_1", "letter", 1),
        ("reminder_1", "mail", 0),
    ):
        assert len(Printed(Case(step, late(1), channel=channel, debtor=READER)).files) == expected


@needs_readers
def test_the_same_letter_on_every_machine(tmp_path: Path) -> None:
    """The same bytes each time; the day is the plan's; all fonts are in the file, and come with Typst."""
    first, second = Printed(notice(late(3))).only, Printed(notice(late(3))).only
    assert first == second
    facts = facts_of(first, tmp_path)
    assert facts["CreationDate"].startswith(AS_OF.isoformat())
    assert facts["Title"] == "Mise en demeure de payer : 3 factures – Atelier Bressan SAS".replace(
        " :", "\N{NO-BREAK SPACE}:"
    )
    assert facts["Page size"].endswith("(A4)")
    fonts = fonts_of(first, tmp_path)
    assert fonts
    assert all("Libertinus" in font[0] and "yes" in font for font in fonts)


HOSTILE = ['#import "x"', "@foo", "$x^2$", "\\#\\ \\u{41}", "= Title", "*bold* _it_", "`raw`", "<label>", "// comment", "/* c",
           '#read("/etc/passwd")', "#{1/0}", "]#panic()[", "{{ 7 * 7 }}", "-- ~ '\"", "a" * 200, "A & B", "العربية والعبرية", "עברית"]  # fmt: skip


@needs_readers
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(name: str, tmp_path: Path) -> None:
    """What means something to Typst, to Jinja or to nobody is printed as it is written, in every place it comes from."""
    case = Case(
        "formal_notice",
        [Item(name, 50, 100000)],
        channel="letter",
        debtor=READER | {"name": name, "address": name, "contact": name},
    )
    printed = Printed(case)
    assert printed.problems == ()
    text = flowing(printed.only, tmp_path)
    if name.isascii():
        times = 4 if len(name) < 40 else 1  # the lines of a longer one stand beside others
        assert text.replace(" ", "").count(name.replace(" ", "")) >= times
    assert "1 000,00 €" in text


@needs_readers
def test_signs_without_a_glyph_are_told(tmp_path: Path) -> None:
    """A name in signs that the fonts lack is drawn as boxes; the run says whose, once for all."""
    cases = [
        replace(notice(late(1), name=name), debtor_id=str(at))
        for at, name in enumerate(["株式会社", "Café 😀", "Łódź ąčę Жук Ωμέγα"])
    ]
    printed = Printed(*cases)
    assert len(printed.files) == 3
    assert [(one.code, one.facts["n"], one.facts["customers"]) for one in printed.problems] == [
        ("LETTERS-SIGNS", 2, "株式会社, Café 😀")
    ]
    assert "Łódź ąčę Жук Ωμέγα" in flowing(printed.files[printed.names["2", "EUR"]], tmp_path)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=120), st.text(max_size=60))
def test_any_text_gives_a_letter(name: str, address: str, number: str) -> None:
    """Whatever stands in a ledger, there is a letter, and its name can be a file's."""
    printed = Printed(
        Case("formal_notice", [Item(number, 50, 100000)], channel="letter", debtor={"name": name, "address": address})
    )
    assert printed.only.startswith(b"%PDF-")
    assert not {one.code for one in printed.problems} - {"LETTERS-NO-ADDRESS", "LETTERS-SIGNS"}


@needs_readers
def test_without_an_address(tmp_path: Path) -> None:
    """The letter is made, the window shows the name alone, and one problem names all such customers."""
    cases = [
        Case("formal_notice", late(1), debtor_id=f"C{at}", channel="letter", debtor={"name": f"Maison {at}"})
        for at in range(12)
    ]
    printed = Printed(*cases)
    assert len(printed.files) == 12
    (problem,) = printed.problems
    assert (problem.code, problem.facts["n"]) == ("LETTERS-NO-ADDRESS", 12)
    assert problem.facts["customers"] == ", ".join(f"Maison {at}" for at in range(10)) + " …"
    assert area_of(printed.files["Maison 3 - C3.pdf"], tmp_path, 100, 44, 90, 35) == ["Maison 3"]


@needs_readers
def test_a_long_address_stays_in_the_window(tmp_path: Path) -> None:
    """Ten lines are set smaller; none is lost, and the text below is where it always is."""
    address = "\n".join(f"Bâtiment {at}, cour des Anciennes Filatures" for at in range(10))
    lines = area_of(Printed(notice(late(1), address=address)).only, tmp_path, 100, 44, 90, 36)
    assert [line for line in lines if line.startswith("Bâtiment")] == address.splitlines()


def account(name: str, debtor_id: str, currency: str = "EUR") -> Account:
    """Return an account of that customer."""
    case = Case(
        "formal_notice", late(1), debtor_id=debtor_id, currency=currency, channel="letter", debtor={"name": name}
    )
    return next(gather(make_plan(case)))


MAISON = account("Maison", "1")


def test_names_of_files() -> None:
    """By customer name and number; nothing that a system refuses, never the same twice even where capitals do not count."""
    accounts = [
        account("Durand SARL", "411DURAND"), account("Durand SARL", "411DURAND", "USD"), account("durand sarl", "411durand"),
        account("CON.", "1"), account('A/B\\C:D*?"<>|', "2"), account("", "411SEUL"), account("nul", ""), account("N" * 300, "I" * 90),
        account("..", "../../etc"),
    ]  # fmt: skip
    names = file_names(accounts)
    assert names["411DURAND", "EUR"] == "Durand SARL - 411DURAND.pdf"
    assert names["411DURAND", "USD"] == "Durand SARL - 411DURAND - USD.pdf"
    assert names["411durand", "EUR"] == "durand sarl - 411durand (2).pdf"
    assert names["2", "EUR"] == "A-B-C-D------ - 2.pdf"
    assert names["411SEUL", "EUR"] == "411SEUL.pdf"
    assert names["", "EUR"] == "_nul.pdf"
    assert names["../../etc", "EUR"] == "-..-etc.pdf"
    assert len({name.casefold() for name in names.values()}) == len(accounts)
    assert all(len(name.encode()) < 255 and "/" not in name and "\\" not in name for name in names.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=2, max_size=5, unique=True))
def test_names_are_apart(names: list[str]) -> None:
    """Whatever customers are called, each letter has a file of its own that every system takes."""
    files = file_names([replace(MAISON, debtor=MAISON.debtor._replace(name=name, debtor_id=name)) for name in names])
    assert len({name.casefold() for name in files.values()}) == len(names)
    for name in files.values():
        assert len(name.encode()) <= 255
        assert not set(name) & set('<>:"/\\|?*')
        assert name == name.strip(" ")


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    """The user's letter.typ is taken; a broken one is one problem with the customers and Typst's words, never a traceback."""
    cases = [replace(notice(late(1), name=f"Maison {at}"), debtor_id=f"C{at}") for at in range(3)]
    own = tmp_path / "letter.typ"
    own.write_text('#let letter = json(bytes(sys.inputs.letter))\n#set page("a5")\n#letter.subject', encoding="utf-8")
    printed = Printed(*cases, templates=tmp_path)
    assert (len(printed.files), printed.problems) == (3, ())
    own.write_text("#let letter = json(bytes(sys.inputs.letter))\n#nothing-of-this-name", encoding="utf-8")
    printed = Printed(*cases, templates=tmp_path)
    assert printed.files == {}
    (problem,) = printed.problems
    assert (problem.code, problem.source.file, problem.facts["n"]) == ("LETTERS-NOT-DRAWN", str(own), 3)
    assert problem.facts["customers"] == "Maison 0, Maison 1, Maison 2"
    assert "unknown variable" in for_language("en").problem(problem)[0]


def test_the_settings_are_tried_with_the_letter(tmp_path: Path) -> None:
    """What `relance doctor` tries: the shipped form of letters can be drawn in both languages, a broken one of the user's is told."""
    assert try_wordings(None, FRENCH, AS_OF)[1] == ()
    (tmp_path / "letter.typ").write_text("#nothing-of-this-name", encoding="utf-8")
    assert [one.code for one in try_wordings(tmp_path, FRENCH, AS_OF)[1]] == ["LETTERS-NOT-DRAWN"]


def test_one_letter_that_fails_leaves_the_others(tmp_path: Path) -> None:
    """A template that fails for one customer: that one is named, the other letters are made, before and after it."""
    (tmp_path / "letter.typ").write_text(
        '#let letter = json(bytes(sys.inputs.letter))\n#if letter.reader.first() == "Maison 1" { panic("no") }\n#letter.subject',
        encoding="utf-8",
    )
    cases = [replace(notice(late(1), name=f"Maison {at}"), debtor_id=f"C{at}") for at in range(3)]
    printed = Printed(*cases, templates=tmp_path)
    assert sorted(printed.files) == ["Maison 0 - C0.pdf", "Maison 2 - C2.pdf"]
    assert [(one.code, one.facts["customers"]) for one in printed.problems] == [("LETTERS-NOT-DRAWN", "Maison 1")]


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    """Not even a template that asks for it."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "templates"
    folder.mkdir()
    for asked in (str(tmp_path / "secret.txt"), "../secret.txt"):
        (folder / "letter.typ").write_text(f'#read("{asked}")', encoding="utf-8")
        problems = Printed(notice(late(1)), templates=folder).problems
        assert [one.code for one in problems] == ["LETTERS-NOT-DRAWN"]


def test_held_messages_wait_on_paper_too() -> None:
    """A message that waits for a missing file has no digest and no letter: it would announce what is not there."""
    held = replace(POLICY, country="FR")
    held = replace(
        held, attachments=replace(held.attachments, invoices=".", steps=frozenset({"formal_notice"}), hold=True)
    )
    printed = Printed(notice(late(1)), policy=held)
    (message,) = printed.messages.values()
    assert (message.held, message.paper, printed.files) == (True, "", {})
