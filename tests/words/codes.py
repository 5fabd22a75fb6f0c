"""Source files → the codes of problems they mention, and the facts they give with those they raise."""

import ast
import re
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def raised(root: Path) -> dict[str, tuple[frozenset[str], bool]]:
    """Return by code the facts that every place gives, and whether all of these could be read in the source.

    A place is Problem("CODE", severity, source, {"fact": …}) or RelanceError("CODE", source, fact=…), with the code written out.
    """
    found: dict[str, tuple[frozenset[str], bool]] = {}
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (place := _place(node)):
                code, facts, complete = place
                before, sure = found.get(code, (facts, True))
                found[code] = (before & facts, sure and complete)
    return found


def _place(call: ast.Call) -> tuple[str, frozenset[str], bool] | None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    code = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    if name not in ("Problem", "RelanceError") or not isinstance(code, str):
        return None
    if name == "RelanceError":
        keywords = [keyword.arg for keyword in call.keywords]
        return code, frozenset(arg for arg in keywords if arg), None not in keywords
    given = [keyword.value for keyword in call.keywords if keyword.arg == "facts"] + call.args[3:4]
    if not given:
        return code, frozenset(), True
    if not isinstance(given[0], ast.Dict):
        return code, frozenset(), False
    keys = [key.value for key in given[0].keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return code, frozenset(keys), len(keys) == len(given[0].keys)


_CODE = re.compile(r"[A-Z]+(?:-[A-Z]+)*")


@lru_cache(maxsize=1)
def mentioned(root: Path) -> frozenset[str]:
    """Return every text of the source that has the form of a code: AMOUNT-UNREADABLE, but also EUR."""
    nodes = (node for path in root.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return frozenset(text for text in texts if _CODE.fullmatch(text))


@lru_cache(maxsize=1)
def asked(root: Path) -> dict[tuple[str, str], frozenset[str] | None]:
    """Return the texts that the source asks for by group and code, with the facts it gives (None: not written out)."""
    found: dict[tuple[str, str], frozenset[str] | None] = {}
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("label", "sentence"):
                key = [part.value for part in node.args[:2] if isinstance(part, ast.Constant)]
                match key:
                    case [str(group), str(code)]:
                        found[group, code] = _given(node)
    return found


def _given(call: ast.Call) -> frozenset[str] | None:
    if len(call.args) < 3:
        return frozenset()
    facts = call.args[2]
    keys = facts.keys if isinstance(facts, ast.Dict) else [None]
    names = [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return frozenset(names) if len(names) == len(keys) else None
