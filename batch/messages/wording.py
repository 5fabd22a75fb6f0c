"""Templates, the user's own first and the shipped ones behind them → a filled wording, or what is wrong with the template."""

import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from batch.core.problem import Problem, RelanceError, Severity, Source

LAYOUT = "layout.html.j2"

_TAGS_ALONE = re.compile(r"\s*(?:\{[%#].*?[%#]\}\s*)+")


class WordingError(Exception):
    """A template that cannot be read or filled; `problem` says which, where and why."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem."""
        super().__init__(problem.code)
        self.problem = problem


def shipped_templates() -> Path:
    """Return the folder of the shipped templates: inside an installed package, or beside `batch` in a checkout."""
    package = Path(str(files("batch")))
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def template_path(folder: Path | None, name: str) -> Path:
    """Return the file of a template that is not Jinja's: the user's own where there is one, else the shipped one."""
    own = folder / name if folder else None
    return own if own and own.is_file() else shipped_templates() / name


class Folder(FileSystemLoader):
    """A folder of templates, read so that an empty line after a sentence stays an empty line.

    A line that holds only tags leaves no trace (Jinja's trim_blocks); but a sentence that happens to end with a tag must not
    lose the end of its line, or two paragraphs would run together.
    """

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return the source, with the line ends kept where a tag ends a sentence; line numbers stay as they are."""
        source, path, is_current = super().get_source(environment, template)
        return "\n".join(map(_keep_line_end, source.split("\n"))), path, is_current


def _keep_line_end(line: str) -> str:
    end = line.rstrip()
    if not end.endswith("%}") or end.endswith(("-%}", "+%}")) or _TAGS_ALONE.fullmatch(end):
        return line
    return f"{end[:-2]}+%}}"


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with a short way for the fields of our own facts: plain texts, numbers and lists of them."""

    fact_types: frozenset[type] = frozenset()

    def getattr(self, obj: object, attribute: str) -> object:
        """Return a field of a fact as it is; anything else takes the sandbox's own way, with all its checks."""
        if type(obj) in self.fact_types and attribute in type(obj).__annotations__:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


class Wordings:
    """The templates by name; each is read once, and once found broken stays so."""

    def __init__(self, folder: Path | None = None, fact_types: Iterable[type] = ()) -> None:
        """Look into `folder` first; RelanceError TEMPLATES-NOT-FOUND when it is given and is no folder."""
        if folder is not None and not folder.is_dir():
            raise RelanceError("TEMPLATES-NOT-FOUND", Source(file=str(folder)), folder=str(folder))
        self._folders = [path for path in (folder, shipped_templates()) if path is not None]
        self._environment = Sandbox(
            loader=ChoiceLoader([Folder(path) for path in self._folders]),
            undefined=StrictUndefined,
            autoescape=lambda name: bool(name and name.endswith(".html.j2")),
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.fact_types = frozenset(fact_types)
        self._templates: dict[str, Template | WordingError] = {}

    def has(self, name: str) -> bool:
        """Return whether there is a template of this name."""
        return any((folder / name).is_file() for folder in self._folders)

    def fill(self, name: str, facts: Mapping[str, object]) -> str:
        """Return the filled template; WordingError when it is broken, names an unknown fact or tries what it must not."""
        template = self._template(name)
        try:
            return template.render(facts)
        except Exception as error:  # a user's template may raise anything, and the others must go on
            raise WordingError(self.broken(name, line_of(error, template), reason_of(error))) from error

    def broken(self, name: str, line: int, reason: str, code: str = "TEMPLATE-BROKEN") -> Problem:
        """Return the problem of a template, with the file that it was read from."""
        path = next((folder / name for folder in self._folders if (folder / name).is_file()), Path(name))
        facts = {"template": name, "line": line, "reason": reason}
        return Problem(code, Severity.ERROR, Source(file=str(path), row=line), facts)

    def _template(self, name: str) -> Template:
        found = self._templates.get(name)
        if found is None:
            found = self._templates[name] = self._read(name)
        if isinstance(found, WordingError):
            raise found
        return found

    def _read(self, name: str) -> Template | WordingError:
        try:
            return self._environment.get_template(name)
        except TemplateSyntaxError as error:
            return WordingError(self.broken(name, error.lineno, reason_of(error)))
        except (OSError, UnicodeError, TemplateNotFound) as error:
            return WordingError(self.broken(name, 0, reason_of(error)))


def reason_of(error: Exception) -> str:
    """Return why a template failed, in one line: Jinja's own words."""
    return " ".join(str(error).split()) or type(error).__name__


def line_of(error: Exception, template: Template) -> int:
    """Return the line of the template that was being filled when it failed; 0 when it cannot be told."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == template.filename]
    return (frames[-1].lineno or 0) if frames else 0
