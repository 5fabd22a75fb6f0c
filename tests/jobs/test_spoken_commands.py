"""What the texts tell a person to type exists: every command and every option of the sentences is one of the command line."""

import re
import tomllib
from collections.abc import Iterator

import click
import pytest

from batch import cli
from batch.words import LANGUAGES
from tests.jobs.desk import ROOT


def sentences(tree: object) -> Iterator[str]:
    """Return every text of a table."""
    if isinstance(tree, dict):
        for below in tree.values():
            yield from sentences(below)
    elif isinstance(tree, str):
        yield tree


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Return every command by its words, with its options."""
    for name, command in group.commands.items():
        yield f"{before}{name}", {option for part in command.params for option in part.opts}
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_and_option_of_the_texts_exists(language: str) -> None:
    """`relance …` between quotation marks names a command; a word that starts with two dashes is an option of one."""
    texts = list(sentences(tomllib.loads((ROOT / "batch" / "words" / f"{language}.toml").read_text(encoding="utf-8"))))
    known = dict(commands(cli.relance))
    said = {
        match[1].split(" -")[0] for text in texts for match in re.finditer(r"relance ((?:[a-z]+ ?)+)[^«»“”]*[»”]", text)
    }
    said = {" ".join(one.split()) for one in said}
    assert said - set(known) == set()
    assert len(said) >= 4
    options = {match[0] for text in texts for match in re.finditer(r"(?<![\w-])--[a-z][a-z-]+", text)}
    assert options - set().union(*known.values()) == set()
