"""Which keys a relance.toml may hold, and, for one that it may not, which was probably meant."""

import difflib
import typing
from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel

from batch.settings.form import SettingsFile
from batch.settings.policy_form import NAMED, OWN_KEYS
from batch.words import Said
from batch.words.figures import countries

# Name → the keys below it; None: a value, or a table whose keys are the user's own. Below ANY stands what any other name has.
Keys = Mapping[str, "Keys | None"]
ANY = "*"

_SURE = 0.8  # how alike a key of another section must be to be proposed


def known_keys(evidence: Iterable[str]) -> Keys:
    """Return every key of the form; `evidence` are the codes of the shipped facts."""
    keys = dict(_keys_of(SettingsFile, NAMED | {"evidence": tuple(evidence), "countries": countries()}))
    section = keys["policy"] or {}
    return keys | {"policies": {ANY: {name: section[name] for name in OWN_KEYS}}}


def _keys_of(form: type[BaseModel], named: Mapping[str, tuple[str, ...]]) -> Keys:
    keys: dict[str, Keys | None] = {}
    for name, field in form.model_fields.items():
        section = _section(field.annotation)
        below = _keys_of(section, named) if section else None
        keys[name] = dict.fromkeys(named[name], below) if name in named else below
    return keys


def _section(annotation: object) -> type[BaseModel] | None:
    """Return the form inside an annotation: itself, that of an optional section or of a table's values."""
    for kind in (annotation, *typing.get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def unknown_key(given: Mapping[str, object], known: Keys) -> tuple[str, ...]:
    """Return the path of the first key that is not known; () when all are."""
    for name, value in given.items():
        if name not in known and ANY not in known:
            return (name,)
        below = known.get(name, known.get(ANY))
        if below is not None and isinstance(value, Mapping) and (path := unknown_key(value, below)):
            return (name, *path)
    return ()


def remedy(path: tuple[str, ...], known: Keys) -> Said:
    """Return what was probably meant: the nearest key beside it, else one of another section, else all that may stand there."""
    *section, name = path
    beside = known
    for part in section:
        beside = beside.get(part, beside.get(ANY)) or {}
    if near := difflib.get_close_matches(name, beside, 1):
        return Said("settings", "meant", {"near": ".".join([*section, near[0]])})
    elsewhere = {written.rpartition(".")[2]: written for written in _paths(known) if ANY not in written}
    if near := difflib.get_close_matches(name, elsewhere, 1, _SURE):
        return Said("settings", "meant", {"near": elsewhere[near[0]]})
    return Said("settings", "known", {"keys": sorted(beside)})


def _paths(known: Keys, before: str = "") -> Iterator[str]:
    for name, below in known.items():
        yield f"{before}{name}"
        if below:
            yield from _paths(below, f"{before}{name}.")
