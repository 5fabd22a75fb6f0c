"""What leaves is one well-formed mail, whatever the ledger holds."""

import datetime as dt
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.core.policy import Company
from batch.core.problem import RelanceError
from batch.core.records import Attachment, Image, Message
from batch.delivery.compose import compose, envelope, message_id, usable

AT = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
ALPHA = Company(name="Alpha, Fils & Cie", email="compta@alpha.example")
MESSAGE = Message(
    "411DURAND", "EUR", "reminder_1", "fr", "Facture FA-1 : 1\u202f234,56\u00a0€ échus", "Bonjour,\n\nMerci de régler.\n",
    "<p>Bonjour,</p>\n<p>Merci de régler.</p>\n", "d",
)  # fmt: skip
OWN_HEADERS = {
    "Message-ID", "Date", "From", "Reply-To", "To", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type",
}  # fmt: skip


def composed(message: Message = MESSAGE, **changes: Any) -> EmailMessage:
    """Return the mail as a receiver reads it."""
    given: dict[str, Any] = {
        "company": ALPHA,
        "recipient": "compta@durand.example",
        "message_id": "<relance.1@alpha.example>",
        "at": AT,
    }
    return message_from_bytes(compose(message, **given | changes).as_bytes(), policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    """Return the plain or html part's text."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_the_headers_say_who_what_and_that_a_machine_wrote() -> None:
    """Id and date as given, answers go to the firm, no automatic answer is wanted."""
    mail = composed(
        references=["<a@alpha.example>", "<b@alpha.example>"], cc=["chef@durand.example", "compta@durand.example"]
    )
    assert {name: str(value) for name, value in mail.items() if not name.startswith(("MIME", "Content"))} == {
        "Message-ID": "<relance.1@alpha.example>",
        "Date": "Fri, 20 Nov 2026 09:30:00 +0100",
        "From": '"Alpha, Fils & Cie" <compta@alpha.example>',
        "Reply-To": '"Alpha, Fils & Cie" <compta@alpha.example>',
        "To": "compta@durand.example",
        "Cc": "chef@durand.example",
        "Subject": "Facture FA-1 : 1\u202f234,56\u00a0€ échus",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "In-Reply-To": "<b@alpha.example>",
        "References": "<a@alpha.example> <b@alpha.example>",
    }


def test_answers_and_copies_go_where_the_settings_say() -> None:
    """Reply-To and Cc are seen; a blind copy is in the envelope alone, and nobody gets two."""
    firm = replace(
        ALPHA, reply_to="answers@alpha.example", copy_to="copies@alpha.example", blind_copy_to="archive@alpha.example"
    )
    given = {"recipient": "compta@durand.example", "message_id": "<relance.1@alpha.example>", "at": AT}
    mail = compose(MESSAGE, company=firm, cc=["chef@durand.example"], **given)  # type: ignore[arg-type]  # a plain table
    written = composed(company=firm, cc=["chef@durand.example"])
    assert str(written["Reply-To"]) == '"Alpha, Fils & Cie" <answers@alpha.example>'
    assert str(written["Cc"]) == "chef@durand.example, copies@alpha.example"
    assert "Bcc" not in written
    assert b"archive" not in mail.as_bytes()
    assert envelope(mail) == [
        "compta@durand.example",
        "chef@durand.example",
        "copies@alpha.example",
        "archive@alpha.example",
    ]
    same = replace(firm, blind_copy_to="compta@durand.example", copy_to="compta@durand.example")
    assert envelope(compose(MESSAGE, company=same, **given)) == ["compta@durand.example"]  # type: ignore[arg-type]


def test_text_stands_beside_html() -> None:
    """Two readings of one wording, both as they were rendered, in bytes that every server carries."""
    mail = composed()
    assert mail.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in mail.iter_parts()] == ["text/plain", "text/html"]
    assert {one["Content-Transfer-Encoding"] for one in mail.iter_parts()} == {"quoted-printable"}
    assert (part(mail, "plain"), part(mail, "html")) == (MESSAGE.text, MESSAGE.html)


def test_a_picture_travels_with_the_html() -> None:
    """Text and HTML are alternatives; the HTML and the picture that it names by its id are one (RFC 2387, RFC 2392)."""
    picture = Image("abc@relance.invalid", "image/png", bytes(range(256)) * 9)
    mail = composed(replace(MESSAGE, html='<p><img src="cid:abc@relance.invalid"></p>', images=(picture,)))
    assert [one.get_content_type() for one in mail.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    related, image = list(mail.iter_parts())[1], list(mail.walk())[-1]
    assert related.get_param("type") == "text/html"
    assert (image["Content-ID"], image.get_content_disposition()) == ("<abc@relance.invalid>", "inline")
    assert isinstance(image, EmailMessage)
    assert image.get_content() == picture.content
    assert (part(mail, "plain"), part(mail, "html")) == (MESSAGE.text, '<p><img src="cid:abc@relance.invalid"></p>\n')


def test_every_line_is_short_ascii_and_ends_as_the_standard_says() -> None:
    """RFC 5322: CRLF, at most 998 characters; quoted-printable keeps to 76 whatever the text's lines are."""
    long = "é" * 3000 + " " + "x" * 3000 + "\n"
    content = compose(
        Message("d", "EUR", "reminder_1", "fr", "Objet " * 60, long, f"<p>{long}</p>", "d"),
        company=ALPHA, recipient="compta@durand.example", message_id="<relance.1@alpha.example>", at=AT,
    ).as_bytes()  # fmt: skip
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_a_message_without_html_is_plain_text() -> None:
    """No empty second part."""
    mail = composed(Message("d", "EUR", "s", "fr", "Objet", "Bonjour\n", "", "d"))
    assert mail.get_content_type() == "text/plain"


def test_a_firm_without_an_address_writes_from_nowhere() -> None:
    """The mail for the folder is complete, and its sender's domain is one that does not exist."""
    mail = composed(company=Company(name="Alpha"))
    assert str(mail["From"]) == "Alpha <relance@relance.invalid>"
    assert "Reply-To" not in mail


HOSTILE = st.text(
    st.sampled_from(list("aé ,;:<>@\"'()\\\r\n\t\0\x0b\x0c\x1b\x7f\x85\u2028\u202e=?_")) | st.characters(), max_size=120
)


@settings(max_examples=150, deadline=None)
@given(subject=HOSTILE, name=HOSTILE, text=HOSTILE)
def test_no_text_can_add_a_header_or_a_recipient(subject: str, name: str, text: str) -> None:
    """Line breaks, control characters, quotes, commas, half characters: one sender, one recipient, our headers, nothing else."""
    message = Message("d", "EUR", "s", "fr", subject, text, f"<p>{text}</p>", "d")
    mail = composed(message, company=Company(name=name, email="compta@alpha.example"))
    assert set(mail.keys()) == OWN_HEADERS
    for header, address in (
        ("From", "compta@alpha.example"),
        ("Reply-To", "compta@alpha.example"),
        ("To", "compta@durand.example"),
    ):
        assert [one.addr_spec for one in mail[header].addresses] == [address]
    assert [one.get_content_type() for one in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


@pytest.mark.parametrize(
    "subject", ["Facture\r\nBcc: thief@evil.example", "Facture\nBcc: thief@evil.example\n\nbody", "Facture\u2028Bcc: x"]
)
def test_a_line_break_in_a_subject_is_a_space(subject: str) -> None:
    """The words stay, as words."""
    mail = composed(Message("d", "EUR", "s", "fr", subject, "t", "", "d"))
    assert "Bcc" not in mail
    assert str(mail["Subject"]).startswith("Facture Bcc: ")


@pytest.mark.parametrize(
    "name",
    [
        "Société Générale d'Équipement, Électricité, Chauffage et Climatisation du Sud-Ouest, Fils",
        "Dupont, Martin, Lefebvre et Lambert, Travaux de Toiture, Charpente, Menuiserie, Isolation, SARL",
    ],
)
def test_a_long_name_stays_one_address(name: str) -> None:
    """Folding over several lines neither loses the name nor makes two senders of one with commas."""
    content = compose(
        MESSAGE, company=Company(name=name, email="compta@alpha.example"), recipient="compta@durand.example",
        message_id="<relance.1@alpha.example>", at=AT,
    ).as_bytes()  # fmt: skip
    written = message_from_bytes(content)["From"]
    assert [address for _, address in getaddresses([written])] == ["compta@alpha.example"]
    # The older reader: the newer one of some Python versions puts a space between two encoded words.
    assert str(make_header(decode_header(written))) == f"{name} <compta@alpha.example>"


@pytest.mark.parametrize(
    "address",
    [
        "compta@durand.example",
        "a.b+c@sub.durand.example",
        "o'neill@durand.example",
        "compta@dépôt.example",
        " compta@durand.example ",
    ],
)
def test_plain_addresses_are_taken(address: str) -> None:
    """Also domains with accents, which leave in their ASCII form."""
    assert usable(address)
    assert str(composed(recipient=address)["To"]).isascii()


@pytest.mark.parametrize(
    "address",
    [
        "", "compta", "compta@", "@durand.example", "compta@durand", "a@b@durand.example", "compta @durand.example",
        "a@durand.example, b@durand.example", "a@durand.example;b@durand.example", "Durand <a@durand.example>",
        "a@durand.example\r\nBcc: b@evil.example", "a@-durand.example", "a@durand..example", "a..b@durand.example",
        "comptabilité@durand.example", "a" * 65 + "@durand.example", "a@" + "durand." * 40 + "example", '"a b"@durand.example',
        "a@[127.0.0.1]", "a@durand.example>",
    ],
)  # fmt: skip
def test_what_is_not_plainly_one_address_is_refused(address: str) -> None:
    """A doubtful address gets no mail: the person who reviews types it."""
    assert not usable(address)
    with pytest.raises(RelanceError) as refused:
        composed(recipient=address)
    assert refused.value.code == "RECIPIENT-UNUSABLE"
    assert str(composed(cc=[address, "chef@durand.example"])["Cc"]) == "chef@durand.example"


def test_the_message_id_follows_from_the_lines() -> None:
    """The same mail gets the same id at every try; another line, round, step or firm gets another; the domain is the firm's."""
    lines = [("411DURAND|FA-1", "reminder_1", 1), ("411DURAND|FA-2", "courtesy", 1)]
    first = message_id(ALPHA, "411DURAND", "EUR", "reminder_1", lines)
    assert first == message_id(ALPHA, "411DURAND", "EUR", "reminder_1", lines[::-1])
    others = {
        message_id(ALPHA, "411DURAND", "EUR", "reminder_1", lines[:1]),
        message_id(ALPHA, "411DURAND", "EUR", "reminder_2", lines),
        message_id(ALPHA, "411DURAND", "USD", "reminder_1", lines),
        message_id(ALPHA, "411DURAND", "EUR", "reminder_1", [("411DURAND|FA-1", "reminder_1", 2), lines[1]]),
        message_id(Company(name="Beta", email="compta@alpha.example"), "411DURAND", "EUR", "reminder_1", lines),
    }
    assert len(others - {first}) == 5
    assert first.endswith("@alpha.example>")
    assert message_id(Company(name="Alpha"), "d", "EUR", "s", lines).endswith("@relance.invalid>")


def test_long_ids_are_not_broken() -> None:
    """An id longer than a header line leaves whole, in all three headers, and threads stay together."""
    ids = [
        f"<relance.{'f' * 32}{number}@service.comptabilite.clients.alpha-batiment-et-fils.example>"
        for number in range(12)
    ]
    mail = composed(message_id=ids[-1], references=ids[:-1])
    assert mail["Message-ID"] == ids[-1]
    assert mail["In-Reply-To"] == ids[-2]
    assert str(mail["References"]).split() == ids[1:-1]
    raw = compose(
        MESSAGE, company=ALPHA, recipient="a@durand.example", message_id=ids[-1], at=AT, references=ids[:-1]
    ).as_bytes()
    assert b"=?" not in raw.partition(b"Subject:")[0]
    assert all(raw.count(one.encode()) >= 1 for one in ids[1:])


def test_what_history_holds_for_an_id_is_passed_over_when_it_is_none() -> None:
    """Imported events may carry anything as a message's id."""
    mail = composed(references=["see mail of 3 May", "<a@alpha.example>\r\nBcc: x@y.example", "", "<b@alpha.example>"])
    assert (str(mail["References"]), "Bcc" in mail) == ("<b@alpha.example>", False)


def test_an_id_that_is_none_is_a_bug() -> None:
    """Ids are made here, never typed: a wrong one is not sent."""
    with pytest.raises(ValueError, match="no Message-ID"):
        composed(message_id="<a@b>\r\nBcc: x@y.example")


def attached(path: Path, content: bytes, name: str = "") -> Attachment:
    """Return a file as a message names it."""
    path.write_bytes(content)
    return Attachment(name or path.name, "application/pdf", len(content), sha256(content).hexdigest(), str(path))


@pytest.mark.parametrize(
    "name",
    [
        "FA-1.pdf",
        "Facture été 2026 n° 12.pdf",
        'quo"te; name=x.pdf',
        "é" * 90 + ".pdf",
        "請求書.pdf",
        "a\r\nBcc: x@evil.example.pdf",
    ],
)
def test_attached_files_arrive_as_they_are(tmp_path: Path, name: str) -> None:
    """Behind the message (multipart/mixed), with type, content and name, whatever letters the name has (RFC 2231)."""
    content = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\nFrom here\n.\n"
    picture = Image("abc@relance.invalid", "image/png", b"\x89PNG")
    mail = composed(replace(MESSAGE, images=(picture,), attachments=(attached(tmp_path / "file", content, name),)))
    assert [one.get_content_type() for one in mail.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "application/pdf",
    ]  # fmt: skip
    (file,) = mail.iter_attachments()
    assert isinstance(file, EmailMessage)
    assert (file.get_content(), file.get_content_disposition()) == (content, "attachment")
    assert file.get_filename() == name.replace("\r\n", " ")
    assert (part(mail, "plain"), part(mail, "html")) == (MESSAGE.text, MESSAGE.html)
    assert "Bcc" not in mail


def test_lines_with_files_are_short_and_ascii(tmp_path: Path) -> None:
    """Base64 at 76, names continued over several lines where they are long."""
    message = replace(MESSAGE, attachments=(attached(tmp_path / "file", bytes(range(256)) * 500, "é" * 150 + ".pdf"),))
    content = compose(
        message, company=ALPHA, recipient="compta@durand.example", message_id="<relance.1@alpha.example>", at=AT
    ).as_bytes()
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("change", ["another content", "gone"])
def test_a_file_that_is_no_longer_the_one_shown_does_not_leave(tmp_path: Path, change: str) -> None:
    """What was approved is what leaves, also when the folder changes between the two."""
    file = attached(tmp_path / f"{change}.pdf", b"%PDF-1.7 shown")
    if change == "gone":
        Path(file.path).unlink()
    else:
        Path(file.path).write_bytes(b"%PDF-1.7 other")
    with pytest.raises(RelanceError) as refused:
        composed(replace(MESSAGE, attachments=(file,)))
    assert (refused.value.code, refused.value.facts["name"]) == ("ATTACHMENT-CHANGED", f"{change}.pdf")
