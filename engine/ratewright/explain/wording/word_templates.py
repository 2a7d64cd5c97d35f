"""The Jinja environments of the built-in templates: made once, read from the package's own folder.

Words are plain text without escaping; each layout escapes for its format. Whatever a template prints is
made visible first, so that text of others can neither break a line nor steer a terminal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, FunctionLoader, StrictUndefined, Template
from jinja2.runtime import Context, Macro

from ratewright.diagnostics import visible
from ratewright.explain.document import Note, NoteKind
from ratewright.explain.wording.compiled_templates import CompiledTemplates
from ratewright.values.writing import ENGLISH, writing

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
LANGUAGES = TEMPLATES / "languages"
"""A folder for each language beside English: words that take the place of the English ones of the same name."""

_THIN = "\u202f"
_SPACES = re.compile(r"[ \t\n]+")


def clean(value: object) -> str:
    """The value as one line of printable text; control and bidirectional characters become `<U+202E>`."""
    text = value if value.__class__ is str else str(value)
    assert isinstance(text, str)
    if text.isprintable():
        return text
    return _THIN.join(map(visible, text.split(_THIN)))  # which groups the digits of some languages


MARK = "\x01"
"""What stands around each value that a template prints, where that is asked for; `clean` leaves none in a value."""

_marking: ContextVar[bool] = ContextVar("marking", default=False)


class Worded(str):
    """What a macro said: clean, and marked where that was asked for."""

    __slots__ = ()


@contextmanager
def marked() -> Iterator[None]:
    """Inside, words have a `MARK` at both ends of each value that a template printed: so that those of several rows can
    be told apart in what is the rule's and what is the row's."""
    token = _marking.set(True)
    try:
        yield
    finally:
        _marking.reset(token)


def unmarked(text: str) -> str:
    """The words as a reader sees them."""
    return text.replace(MARK, "")


def printed(value: object) -> str:
    """A value as words have it: clean, and marked where that is asked for."""
    if value.__class__ is Worded:
        assert isinstance(value, Worded)
        return value
    text = clean(value)
    return f"{MARK}{text}{MARK}" if text and _marking.get() else text


class _PlainCalls(Context):
    """Calls without Jinja's look at what a function wants to be passed: ours want nothing."""

    def call(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        _loop_vars: Any = None,
        _block_vars: Any = None,
        **named: Any,
    ) -> Any:
        said = function(*arguments, **named)
        return Worded(said) if function.__class__ is Macro and said.__class__ is str else said  # no markup of HTML


def environment(folder: str) -> Environment:
    """The environment of one folder of `templates/`, `words`, `text`, `markdown` or `html`, in the language of now."""
    return _environment(folder, writing().language)


@cache
def _words_of(language: str, name: str) -> str | None:
    """The words of one kind, where a language has none of a name the English ones; None for no such kind."""
    files = [TEMPLATES / "words" / name, *([LANGUAGES / language / name] if language != ENGLISH.language else [])]
    texts = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
    return "\n".join(texts) if texts else None  # of two macros of one name the latter holds, within the file too


@cache
def _environment(folder: str, language: str) -> Environment:
    of_words = FunctionLoader(partial(_words_of, language))
    settings: dict[str, Any] = {
        "autoescape": folder == "html",
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": folder == "text",
        "optimized": False,  # what is kept compiled holds no value that a filter made
    }
    made = Environment(
        loader=of_words if folder == "words" else FileSystemLoader(TEMPLATES / folder),
        undefined=StrictUndefined,
        finalize=printed if folder == "words" else None,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=CompiledTemplates(TEMPLATES / "__pycache__", f"{folder}.{language}", repr(settings)),
        **settings,
    )
    made.context_class = _PlainCalls
    if folder != "words":
        made.globals["words"] = _layout_words(language)
    return made


def layout_words() -> dict[str, str]:
    """The words of the layouts themselves, by their names: heads of columns and the like."""
    return _layout_words(writing().language)


@cache
def _layout_words(language: str) -> dict[str, str]:
    module = _environment("words", language).get_template("layout.txt").module
    return {name: str(say()) for name, say in vars(module).items() if isinstance(say, Macro)}


def layout(name: str) -> Template:
    """A layout template, as `html/bill.html`."""
    folder, _, file = name.partition("/")
    return environment(folder).get_template(file)


Said = Callable[..., str]


def macro(kind: str, name: str) -> Said | None:
    """The macro `name` of the words for one kind of node; None where there is nothing of that sort to say."""
    return _macro(writing().language, kind, name)


@cache
def _macro(language: str, kind: str, name: str) -> Said | None:
    token = _marking.set(False)  # what is fixed in a template is worked out when it is read first
    try:
        module = _environment("words", language).get_template(f"{kind}.txt").module
    finally:
        _marking.reset(token)
    found: Said | None = getattr(module, name, None)
    return found


def phrase(kind: str, name: str, *arguments: Any) -> str:
    """One line: what the macro says, or nothing."""
    spoken = macro(kind, name)
    return "" if spoken is None else Worded(_SPACES.sub(" ", spoken(*arguments)).strip(" "))


def wording(kind: str, name: str, *arguments: Any) -> str:
    """The same as a value, for other words to print: nothing in it is marked."""
    token = _marking.set(False)
    try:
        return str(phrase(kind, name, *arguments))
    finally:
        _marking.reset(token)


def sentences(note: NoteKind, kind: str, name: str, *arguments: Any) -> list[Note]:
    """One note for each line that the macro says."""
    spoken = macro(kind, name)
    if spoken is None:
        return []
    return [Note(note, line) for part in spoken(*arguments).split("\n") if (line := part.strip())]
