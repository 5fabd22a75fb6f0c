"""A user's own templates: they win file by file, and what is wrong with one never stops the others."""

from pathlib import Path

import pytest

from batch.core.problem import Problem, RelanceError
from batch.core.records import Message
from batch.messages.accounts import WORDED, gather
from batch.messages.render import render
from batch.messages.wording import LAYOUT, shipped_templates
from tests.messages.plans import COMPANY, POLICY, Case, Item, make_plan

LATE = [Item("FA-1", 20, 100000)]
TWO_STEPS = (
    Case("reminder_1", LATE, debtor_id="A"),
    Case("reminder_2", LATE, debtor_id="B"),
    Case("reminder_1", LATE, debtor_id="C"),
)


def write(folder: Path, name: str, text: str | bytes) -> None:
    """Put a template into the user's folder."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def rendered(folder: Path, *cases: Case) -> tuple[dict[str, Message], tuple[Problem, ...]]:
    """Return the messages by debtor and the problems."""
    plan = make_plan(*cases)
    messages, problems = render(gather(plan), plan.as_of, company=COMPANY, policy=POLICY, templates=folder)
    return {debtor_id: message for (debtor_id, _), message in messages.items()}, problems


def test_every_step_is_shipped_in_both_languages() -> None:
    """There is a wording for each written step in French and English, and a layout."""
    names = {str(path.relative_to(shipped_templates())) for path in shipped_templates().rglob("*.j2")}

    assert names >= {f"{language}/{step}.j2" for language in ("fr", "en") for step in WORDED} | {LAYOUT}


def test_own_wording_wins_and_the_rest_is_shipped(tmp_path: Path) -> None:
    """A user's reminder_1 is used; reminder_2, which the folder lacks, is the shipped one."""
    write(tmp_path, "fr/reminder_1.j2", "Subject: {{ debtor.name }}\n\nSoit {{ asked }} pour {{ items[0].number }}.\n")

    messages, problems = rendered(tmp_path, *TWO_STEPS)

    assert problems == ()
    assert messages["A"].subject == "Durand SARL"
    assert messages["A"].text == "Soit 1 000,00 € pour FA-1.\n".replace("1 000,00 €", "1\u202f000,00\xa0€")
    assert "Deuxième rappel" in messages["B"].subject


def test_own_layout_is_used(tmp_path: Path) -> None:
    """A user's layout frames every message; what it is given is escaped."""
    write(tmp_path, LAYOUT, "<title>{{ subject }}</title><footer>{{ creditor.name }} <{{ '<' }}></footer>{{ body }}")

    messages, problems = rendered(tmp_path, *TWO_STEPS)

    assert problems == ()
    assert messages["B"].html.startswith("<title>Deuxième rappel\xa0: facture FA-1 – Atelier Bressan SAS</title>")
    assert "<footer>Atelier Bressan SAS <&lt;></footer>" in messages["B"].html


def test_a_sentence_may_end_with_a_tag(tmp_path: Path) -> None:
    """A line of tags leaves no trace, and a sentence that ends with a tag keeps its line end."""
    write(
        tmp_path,
        "fr/reminder_1.j2",
        "Subject: x\n\nA{% if true %} b{% endif %}\n\n{% for item in items %}\n- {{ item.number }}\n{% endfor %}\nC\n",
    )

    messages, _ = rendered(tmp_path, Case("reminder_1", [*LATE, Item("FA-2", 9, 1000)], debtor_id="A"))

    assert messages["A"].text == "A b\n\n- FA-1\n- FA-2\nC\n"


@pytest.mark.parametrize(("template", "line"), [
    ("Subject: x\n\n{% if %}\n", 3),
    ("Subject: x\n\n{{ asked\n", 3),
    ("Subject: x\n\n\n{{ not_a_fact }}\n", 4),
    ("Subject: x\n\n{{ debtor.nickname }}\n", 3),
    ("Subject: {{ 1 / 0 }}\n", 1),
    ("Subject: x\n{% include 'fr/nowhere.j2' %}\n", 2),
    ("Subject: x\n{% include '../../etc/passwd' %}\n", 2),
    (b"Subject: \xff\xfe\n", 0),
    ("Subject: x\n{{ ''.__class__.__mro__[1].__subclasses__() }}\n", 2),
    ("Subject: x\n{{ one_or_many.__globals__ }}\n", 2),
    ("Subject: x\n{{ items.append(1) }}\n", 2),
    ("Subject: x\n{{ '{0.__class__}'.format(debtor) }}\n", 2),
    ("Subject: x\n{{ creditor.__class__ }}\n", 2),
    ("Subject: x\n{% for n in range(99999999) %}x{% endfor %}\n", 2),
])  # fmt: skip
def test_a_broken_or_hostile_template_is_one_problem(tmp_path: Path, template: str | bytes, line: int) -> None:
    """It is reported once, by name and line; its accounts have no message, the others do."""
    write(tmp_path, "fr/reminder_1.j2", template)

    messages, problems = rendered(tmp_path, *TWO_STEPS)

    assert list(messages) == ["B"]
    assert [(problem.code, problem.facts["template"], problem.facts["line"]) for problem in problems] == [
        ("TEMPLATE-BROKEN", "fr/reminder_1.j2", line)
    ]
    assert problems[0].source.file == str(tmp_path / "fr/reminder_1.j2")
    assert problems[0].facts["reason"]


def test_a_template_without_subject_is_a_problem(tmp_path: Path) -> None:
    """The first line must be the subject."""
    write(tmp_path, "fr/reminder_1.j2", "Bonjour,\n\nSubject: trop tard\n")

    messages, problems = rendered(tmp_path, *TWO_STEPS)

    assert list(messages) == ["B"]
    assert [problem.code for problem in problems] == ["TEMPLATE-NO-SUBJECT"]


def test_a_broken_layout_is_said_once(tmp_path: Path) -> None:
    """A layout that fails leaves all without message, in one problem."""
    write(tmp_path, LAYOUT, "<p>\n{{ nothing }}</p>")

    messages, problems = rendered(tmp_path, *TWO_STEPS)

    assert messages == {}
    assert [(problem.code, problem.facts["template"], problem.facts["line"]) for problem in problems] == [
        ("TEMPLATE-BROKEN", LAYOUT, 2)
    ]


def test_a_missing_folder_cannot_go_on(tmp_path: Path) -> None:
    """A folder that was named and is not there is an error, not a silent return to the shipped templates."""
    with pytest.raises(RelanceError) as error:
        rendered(tmp_path / "nowhere", *TWO_STEPS)

    assert error.value.code == "TEMPLATES-NOT-FOUND"


HOSTILE = "<script>alert(1)</script>\r\nBcc: all@firm.example\u202e{{ 7*7 }}{% raw %}\ue000"


def test_hostile_names_stay_text() -> None:
    """Markup, line breaks, template code, marks and right-to-left overrides in a name or number end as plain words."""
    case = Case(
        "formal_notice", [Item(HOSTILE, 60, 100000)], debtor={"name": HOSTILE, "contact": HOSTILE, "address": HOSTILE}
    )
    expected = "<script>alert(1)</script> Bcc: all@firm.example {{ 7*7 }}{% raw %}"

    plan = make_plan(case)
    messages, problems = render(gather(plan), plan.as_of, company=COMPANY, policy=POLICY, templates=None)

    message = messages["411DURAND", "EUR"]
    assert problems == ()
    assert message.subject == f"Mise en demeure de payer\xa0: facture {expected} – Atelier Bressan SAS"
    assert expected in message.text
    assert "<script" not in message.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in message.html
    assert message.text.count("À régler") == 1
    for sign in "\r\u202e\ue000":
        assert sign not in message.text + message.html + message.subject


def test_the_office_word_never_reaches_a_debtor() -> None:
    """Nothing of a debtor's standing is in any message, whatever the step and language, and nothing to unsubscribe from."""
    cases = [
        Case(
            step,
            [Item("FA-1", -4 if step == "courtesy" else 60, 100000)],
            debtor_id=f"{language}-{step}",
            standing="dishonest",
            debtor={"language": language},
        )
        for step in WORDED
        for language in ("fr", "en")
    ]

    plan = make_plan(*cases)
    messages, problems = render(gather(plan), plan.as_of, company=COMPANY, policy=POLICY, templates=None)

    assert problems == ()
    assert len(messages) == 12
    for message in messages.values():
        said = (message.subject + message.text + message.html).lower()
        for word in ("dishonest", "mauvaise foi", "bad faith", "malhonn", "unsubscribe", "désabonn"):
            assert word not in said
