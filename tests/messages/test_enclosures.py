"""Which files go out with a message: found by number, never outside the folder, never a stranger's, within the size."""

import os
import unicodedata
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.policy import Attachments
from batch.core.problem import Problem, RelanceError
from batch.core.records import Message
from batch.messages.accounts import gather
from batch.messages.cabinet import Cabinet
from batch.messages.render import render
from batch.words import Words
from tests.messages.plans import COMPANY, POLICY, Case, Item, make_plan

PDF = b"%PDF-1.7\nan invoice\n%%EOF\n"
STEPS = frozenset({"reminder_1", "resend_invoice"})
LATE = [Item("FA-1", 50, 100000), Item("FA-2", 12, 45050)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder for invoices, with something to steal beside it."""
    (tmp_path / "secret.pdf").write_bytes(PDF)
    invoices = tmp_path / "invoices"
    invoices.mkdir()
    return invoices


def put(folder: Path, *names: str, content: bytes = PDF) -> None:
    """Put files into the folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def write(folder: Path, *cases: Case, **wanted: object) -> tuple[list[Message], list[Problem]]:
    """Return the messages of these accounts, and the problems, with these files to attach."""
    attachments = replace(Attachments(str(folder), steps=STEPS), **wanted)  # type: ignore[arg-type]  # each test names its own
    plan = make_plan(*cases)
    messages, problems = render(
        gather(plan), plan.as_of, company=COMPANY, policy=replace(POLICY, attachments=attachments)
    )
    for problem in problems:
        assert all(Words(language).problem(problem) for language in ("fr", "en"))
    return list(messages.values()), list(problems)


def names(message: Message) -> list[str]:
    """Return the names of what is attached."""
    return [file.name for file in message.attachments]


def test_the_invoices_asked_for_are_attached(folder: Path) -> None:
    """Each once, in the order of the statement; the text says so, and each file is known by its digest."""
    put(folder, "FA-1.pdf", "fa-2.PDF", "FA-3.pdf")
    (message,), problems = write(folder, Case("reminder_1", [*LATE, Item("AV-9", 0, -500, kind="credit_note")]))
    assert (names(message), problems) == (["FA-1.pdf", "fa-2.PDF"], [])
    assert "Vous trouverez ci-joint une copie de ces factures." in message.text
    assert {(file.kind, file.size, file.sha256) for file in message.attachments} == {
        ("application/pdf", len(PDF), sha256(PDF).hexdigest())
    }


def test_other_steps_have_none(folder: Path) -> None:
    """Only the steps that the settings name."""
    put(folder, "FA-1.pdf", "FA-2.pdf")
    (message,), problems = write(folder, Case("reminder_2", LATE))
    assert (names(message), problems) == ([], [])
    assert "joint" not in message.text


def test_a_missing_file_is_said_and_the_mail_leaves_without(folder: Path) -> None:
    """One problem for the mail; the text names what is attached."""
    put(folder, "FA-2.pdf")
    (message,), (problem,) = write(folder, Case("reminder_1", LATE))
    assert (names(message), message.held, bool(message.digest)) == (["FA-2.pdf"], False, True)
    assert (problem.code, problem.facts["numbers"]) == ("INVOICE-FILE-MISSING", ["FA-1"])
    assert "Pièces jointes\u00a0: FA-2.pdf." in message.text
    assert Words("en").problem(problem)[0].endswith("The message leaves without it.")


def test_a_mail_can_wait_for_its_files(folder: Path) -> None:
    """Held: it has a text to look at and no digest, so that nobody can approve it; with the file there it is ready."""
    put(folder, "FA-2.pdf")
    (message,), (problem,) = write(folder, Case("reminder_1", LATE), hold=True)
    assert (message.held, message.digest) == (True, "")
    assert "it will not leave" in Words("en").problem(problem)[0]
    put(folder, "FA-1.pdf")
    (message,), problems = write(folder, Case("reminder_1", LATE), hold=True)
    assert (message.held, len(message.digest), problems) == (False, 16, [])


def test_the_digest_changes_with_a_file(folder: Path) -> None:
    """What was approved is what leaves: another content, another name or one file less is another message."""
    digests = []
    for content in (PDF, PDF + b"changed"):
        put(folder, "FA-1.pdf", "FA-2.pdf", content=content)
        digests.append(write(folder, Case("reminder_1", LATE))[0][0].digest)
    (folder / "FA-2.pdf").rename(folder / "FA-2.PDF")
    digests.append(write(folder, Case("reminder_1", LATE))[0][0].digest)
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("number", "file"),
    [
        ("FA/2026/1", "FA-2026-1.pdf"),
        ("FA/2026/1", "FA_2026_1.pdf"),
        ("fa-1", "FA-1.PDF"),
        ("Fé-1", unicodedata.normalize("NFD", "FÉ-1.pdf")),
        ("FA*1", "FA-1.pdf"),
        ("[F]{A}-1", "[F]{A}-1.pdf"),
        ("..", "...pdf"),
    ],
)
def test_how_a_number_is_found(folder: Path, number: str, file: str) -> None:
    """Capitals and the writing of accents do not matter; what no name can hold is a hyphen or an underscore."""
    put(folder, file)
    (message,), problems = write(folder, Case("reminder_1", [Item(number, 5, 1000)]))
    assert [file.path for file in message.attachments] == [str(folder / file)]
    assert problems == []


@pytest.mark.parametrize(
    "number",
    ["*", "?A-1", "[FA]*", "../secret", "..\\secret", "/etc/passwd", "FA-", "A-1", "FA-1.pdf\0", "FA-1/../FA-1", "."],
)
def test_no_number_finds_anything_else(folder: Path, number: str) -> None:
    """Patterns, paths and parts of a name are no names."""
    put(folder, "FA-1.pdf", "etc-passwd.txt")
    (message,), (problem,) = write(folder, Case("reminder_1", [Item(number, 5, 1000)]))
    assert (names(message), problem.code) == ([], "INVOICE-FILE-MISSING")


@settings(max_examples=150, deadline=None)
@given(number=st.text(st.sampled_from(list("./\\*?[]{}~FA-1\0\n :")) | st.characters(codec="utf-8"), max_size=12))
def test_whatever_a_number_says_the_folder_is_not_left(tmp_path_factory: pytest.TempPathFactory, number: str) -> None:
    """What is found lies in the folder, whatever number or customer ask for it."""
    home = tmp_path_factory.mktemp("home")
    put(home, "secret.pdf", "invoices/FA-1.pdf", "invoices/A/FA-1.pdf")
    for pattern in ("{number}.pdf", "{debtor_id}/{number}.pdf"):
        found = Cabinet(Attachments(str(home / "invoices"), pattern)).invoice(number, number, "")
        assert found.file is None or Path(found.file.path).resolve().is_relative_to(home / "invoices")


def test_links_that_lead_out_are_not_followed(folder: Path) -> None:
    """A link inside the folder is a file of it; one to elsewhere, or a folder that is a link, is not."""
    put(folder, "kept/FA-2.pdf")
    (folder / "FA-1.pdf").symlink_to(folder.parent / "secret.pdf")
    (folder / "FA-2.pdf").symlink_to(folder / "kept" / "FA-2.pdf")
    (folder / "out").symlink_to(folder.parent, target_is_directory=True)
    (message,), (problem,) = write(folder, Case("reminder_1", LATE))
    assert (names(message), problem.code) == (["FA-2.pdf"], "INVOICE-FILE-MISSING")
    case = Case("reminder_1", [Item("secret", 5, 1000)], debtor_id="out")
    (message,), (problem,) = write(folder, case, pattern="{debtor_id}/{number}.pdf")
    assert (names(message), problem.code) == ([], "INVOICE-FILE-MISSING")


def test_several_files_are_none(folder: Path) -> None:
    """Which one is meant is not guessed; both are named."""
    put(folder, "FA-1.pdf", "fa-1.PDF")
    if len(list(folder.iterdir())) == 1:
        pytest.skip("this file system does not tell capitals apart")
    (message,), (problem,) = write(folder, Case("reminder_1", LATE[:1]))
    assert (names(message), problem.code, problem.facts["names"]) == (
        [],
        "INVOICE-FILE-SEVERAL",
        ["FA-1.pdf", "fa-1.PDF"],
    )


def test_a_number_that_two_customers_have_is_nobodys(folder: Path) -> None:
    """A stranger's invoice tells what somebody else owes; with a folder for each customer both are right."""
    put(folder, "FA-1.pdf", "A/FA-1.pdf", "B/FA-1.pdf")
    cases = [Case("reminder_1", [Item("FA-1", 5, 1000)], debtor_id=debtor_id) for debtor_id in ("A", "B")]
    messages, problems = write(folder, *cases)
    assert [names(message) for message in messages] == [[], []]
    assert [problem.code for problem in problems] == ["INVOICE-FILE-SHARED"]
    messages, problems = write(folder, *cases, pattern="{debtor_id}/{number}.pdf")
    assert [message.attachments[0].path for message in messages] == [
        str(folder / "A/FA-1.pdf"),
        str(folder / "B/FA-1.pdf"),
    ]
    assert problems == []


@pytest.mark.parametrize("other", ["FA/1", "fa-1", "FA*1"])
def test_two_numbers_of_one_file(folder: Path, other: str) -> None:
    """FA/1 of one customer would be looked for under the name that FA-1 of another has: neither gets it."""
    put(folder, "FA-1.pdf")
    cases = [Case("reminder_1", [Item(number, 5, 1000)], debtor_id=number) for number in ("FA-1", other)]
    messages, problems = write(folder, *cases)
    assert [names(message) for message in messages] == [[], []]
    assert [problem.code for problem in problems] == ["INVOICE-FILE-SHARED"] * 2
    (alone,), _ = write(folder, cases[1])
    assert names(alone) == ["FA-1.pdf"]


def test_the_creditors_name_may_stand_in_the_pattern(folder: Path) -> None:
    """One folder for several firms."""
    put(folder, "Atelier Bressan SAS/Facture FA-1.pdf")
    (message,), problems = write(folder, Case("reminder_1", LATE[:1]), pattern="{company}/Facture {number}.pdf")
    assert (names(message), problems) == (["Facture FA-1.pdf"], [])


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", b"PK\x03\x04"])
def test_what_is_no_pdf_is_not_sent(folder: Path, content: bytes) -> None:
    """An error page saved under a PDF's name."""
    put(folder, "FA-1.pdf", content=content)
    (message,), (problem,) = write(folder, Case("reminder_1", LATE[:1]))
    assert (names(message), problem.code, problem.source.file) == ([], "ATTACHMENT-UNREADABLE", "FA-1.pdf")


def test_a_pipe_or_a_folder_is_no_file(folder: Path) -> None:
    """Nothing waits for what never comes."""
    os.mkfifo(folder / "FA-1.pdf")
    (folder / "FA-2.pdf").mkdir()
    (message,), problems = write(folder, Case("reminder_1", LATE))
    assert names(message) == []
    assert {problem.code for problem in problems} == {"ATTACHMENT-UNREADABLE", "INVOICE-FILE-MISSING"}


def test_the_terms_of_sale_go_with_each(folder: Path) -> None:
    """After the invoices, and without a folder of invoices, too."""
    put(folder, "FA-1.pdf", "FA-2.pdf", "CGV été.pdf")
    terms = str(folder / "CGV été.pdf")
    (message,), _ = write(folder, Case("reminder_1", LATE), terms=terms)
    assert names(message) == ["FA-1.pdf", "FA-2.pdf", "CGV été.pdf"]
    assert "une copie de ces factures, ainsi que nos conditions générales de vente." in message.text
    (message,), _ = write(folder, Case("resend_invoice", LATE), terms=terms, invoices="")
    assert names(message) == ["CGV été.pdf"]
    assert "Si ces factures se sont perdues" in message.text


@pytest.mark.parametrize(
    ("room", "kept"),
    [(300, ["FA-1.pdf", "FA-2.pdf", "CGV.pdf"]), (234, ["FA-1.pdf", "FA-2.pdf", "CGV.pdf"]), (233, ["FA-1.pdf", "FA-2.pdf"]),
     (155, ["FA-1.pdf"]), (77, [])],
)  # fmt: skip
def test_what_is_too_large_is_left_out_from_the_end(folder: Path, room: int, kept: list[str]) -> None:
    """A file of up to 57 bytes travels as one line of 78: the terms are dropped first, then the newest invoices."""
    put(folder, "FA-1.pdf", "FA-2.pdf", "CGV.pdf")
    for hold in (False, True):
        (message,), problems = write(
            folder, Case("reminder_1", LATE), terms=str(folder / "CGV.pdf"), max_bytes=room, hold=hold
        )
        assert names(message) == kept
        assert [problem.code for problem in problems] == ["ATTACHMENTS-TOO-LARGE"] * (len(kept) < 3)
        assert message.held == (hold and len(kept) < 3)


def test_a_folder_or_terms_that_are_not_there_stop_the_run(folder: Path) -> None:
    """A path that was mistyped is said at once, not with every mail."""
    for wanted in ({"invoices": str(folder / "nowhere")}, {"terms": str(folder / "nowhere.pdf")}):
        with pytest.raises(RelanceError) as refused:
            write(folder, Case("reminder_1", LATE), **wanted)
        assert refused.value.code == "ATTACHMENTS-NOT-FOUND"


def test_a_folder_and_a_file_are_not_taken_for_each_other(folder: Path) -> None:
    """What is there is not said to be missing: its own message names what is expected."""
    put(folder, "CGV.pdf")
    for wanted, code in (
        ({"invoices": str(folder / "CGV.pdf")}, "ATTACHMENTS-NOT-A-FOLDER"),
        ({"terms": str(folder)}, "ATTACHMENTS-NOT-A-FILE"),
    ):
        with pytest.raises(RelanceError) as refused:
            write(folder, Case("reminder_1", LATE), **wanted)
        assert refused.value.code == code
