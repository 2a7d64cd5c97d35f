"""The Jinja environments of the built-in templates: made once, read from the package's own folder.

Words are plain text without escaping; each layout escapes for its format. Whatever a template prints is
made visible first, so that text of others can neither break a line nor steer a terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import Context

from ratewright.diagnostics import visible
from ratewright.explain.document import Note, NoteKind

TEMPLATES = Path(__file__).resolve().parent / "templates"


def clean(value: object) -> str:
    """The value as one line of printable text; control and bidirectional characters become `<U+202E>`."""
    text = value if value.__class__ is str else str(value)
    assert isinstance(text, str)
    return text if text.isprintable() else visible(text)


class _PlainCalls(Context):
    """Calls without Jinja's look at what a function wants to be passed: ours want nothing."""

    def call(
        self, function: Callable[..., Any], *arguments: Any, _loop_vars: Any = None, _block_vars: Any = None
    ) -> Any:
        return function(*arguments)


@cache
def environment(folder: str) -> Environment:
    """The environment of one folder of `templates/`: `words`, `text`, `markdown` or `html`."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES / folder),
        autoescape=folder == "html",
        undefined=StrictUndefined,
        finalize=clean if folder == "words" else None,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=folder == "text",
        auto_reload=False,
        cache_size=-1,
    )
    made.context_class = _PlainCalls
    return made


@cache
def layout(name: str) -> Template:
    """A layout template, as `html/bill.html`."""
    folder, _, file = name.partition("/")
    return environment(folder).get_template(file)


Macro = Callable[..., str]


@cache
def macro(kind: str, name: str) -> Macro | None:
    """The macro `name` of the words for one kind of node; None where there is nothing of that sort to say."""
    module = environment("words").get_template(f"{kind}.txt").module
    found: Macro | None = getattr(module, name, None)
    return found


def phrase(kind: str, name: str, *arguments: Any) -> str:
    """One line: what the macro says, or nothing."""
    spoken = macro(kind, name)
    return "" if spoken is None else " ".join(spoken(*arguments).split())


def sentences(note: NoteKind, kind: str, name: str, *arguments: Any) -> list[Note]:
    """One note for each line that the macro says."""
    spoken = macro(kind, name)
    if spoken is None:
        return []
    return [Note(note, line) for part in spoken(*arguments).split("\n") if (line := part.strip())]
