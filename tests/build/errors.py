"""The words of every problem and error → docs/errors.md: its code, what it means and what to do, in English and French.

Run at the top of the tree: `python -m tests.build.errors [FILE]`.
"""

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from batch.words import LANGUAGES
from batch.words.template import Form, Part, read_template

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "errors.md"
STOPS = "stops"
# What a code does, gravest first.
KINDS = {
    STOPS: "stops the command",
    "ERROR": "error: a row is left out, or a sum is wrong",
    "WARNING": "warning: something was read or done in another way than the file says",
    "INFO": "information",
}
HEAD = """# Problems and errors

Every problem that Relance names, by its code. `‹…›` stands for what the message says of your file. An error that *stops the
command* leaves nothing half-done; all others are listed together on the terminal, in `plan.json` and on the workbook's sheet
*Problems* (*Problèmes*). This page is made by `python -m tests.build.errors` from `batch/words/en.toml` and `fr.toml`.
"""


def page() -> str:
    """Return the whole page, codes in alphabetical order."""
    words = {language: _problems(language) for language in LANGUAGES}
    kinds = _kinds()
    entries = [
        _entry(code, {language: words[language][code] for language in sorted(LANGUAGES)}, kinds.get(code, ()))
        for code in sorted(words["en"])
    ]
    return "\n".join([HEAD, *entries])


def _entry(code: str, words: Mapping[str, Mapping[str, Any]], kinds: tuple[str, ...]) -> str:
    lines = [f"## {code}", ""]
    if kinds:
        lines += [f"*{'; '.join(KINDS[kind] for kind in kinds)}*", ""]
    lines += [
        f"- **{language}** {_plain(text['message'])} *{_plain(text['hint'])}*" for language, text in words.items()
    ]
    return "\n".join([*lines, ""])


def _problems(language: str) -> dict[str, dict[str, Any]]:
    text = (ROOT / "batch" / "words" / f"{language}.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = tomllib.loads(text)["problems"]
    return found


def _plain(written: str | Mapping[str, str]) -> str:
    """Return a sentence with its places shown, in its plural form, fit for a page (no line break, no mark-up of its own)."""
    text = "".join(_shown(part) for part in _every(read_template(written).many))
    for sign in "\\*_<":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split(" ")).replace("\n", " ")


def _every(form: Form) -> Iterator[Part]:
    for stretch in form:
        yield from stretch.parts


def _shown(part: Part) -> str:
    if not part.name:
        return part.text
    noun = part.spec.split("|")[-1] if "|" in part.spec else ""
    return f"{part.text}‹{part.name}›" + (f" {noun}" if noun else "")


def _kinds() -> dict[str, tuple[str, ...]]:
    """Return what the source does with each code, where it says so in one call."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "batch").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                texts = [text for argument in node.args[:1] for text in _texts(argument)]
                kinds = {kind for argument in node.args for each in ast.walk(argument) if (kind := _severity(each))}
                if getattr(node.func, "id", "") == "RelanceError":
                    kinds = {STOPS}
                if texts and len(kinds) in (1, len(texts)):
                    for code, kind in zip(texts, _in_order(node, kinds, len(texts)), strict=True):
                        found.setdefault(code, set()).add(kind)
    return {code: tuple(kind for kind in KINDS if kind in kinds) for code, kinds in found.items()}


def _texts(node: ast.expr) -> list[str]:
    """Return a text, or the two of `one if … else other`."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _severity(node: ast.AST) -> str:
    """Return ERROR of `Severity.ERROR`, "" of anything else."""
    named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Severity"
    return node.attr if named and isinstance(node, ast.Attribute) else ""


def _in_order(call: ast.Call, kinds: set[str], count: int) -> list[str]:
    """Return one kind for each code of the call: the same for all, or those of its own `one if … else other`."""
    if len(kinds) == 1:
        return [*kinds] * count
    chosen = next(argument for argument in call.args[1:] if isinstance(argument, ast.IfExp))
    return [node.attr for node in (chosen.body, chosen.orelse) if isinstance(node, ast.Attribute)]


def main() -> None:
    """Write the page to the file named on the command line, or to its place in docs."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    text = page()
    target.write_text(text, encoding="utf-8", newline="\n")
    print(f"{target.name}: {text.count(chr(10) + '## ')} codes")


if __name__ == "__main__":
    main()
