"""The manual keeps step with the program: every command, the version, the two commands a newcomer types."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from batch import __version__, cli

ROOT = Path(__file__).parents[2]
RUN = (
    "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/relance run sample_ledger.xlsx --as-of 2026-11-20"
)
TEST = (
    "python3 -m venv .venv && .venv/bin/pip install -q --upgrade pip && .venv/bin/pip install -q -e . --group dev"
    " && .venv/bin/python -m pytest -q -n auto"
)


def commands(group: click.Group, path: str = "relance") -> Iterator[str]:
    """Yield every command as it is typed."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


@pytest.mark.parametrize("command", list(commands(cli.relance)))
def test_manual_names_every_command(command: str) -> None:
    """README.md shows each command as it is typed."""
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", [RUN, TEST])
def test_manual_has_the_newcomers_lines(line: str) -> None:
    """The two lines that set up and run, and set up and test, stand in README.md, each on a line of its own; CI runs them."""
    assert line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_changelog_is_of_this_version() -> None:
    """The newest version in CHANGELOG.md is the package's."""
    versions = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == __version__
