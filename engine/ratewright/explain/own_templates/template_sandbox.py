"""The process in which a user's template renders: plain data in, text or a problem out, within limits.

Run as `python -m ratewright.explain.own_templates.template_sandbox` by `user_template.render_template`, which sends one
JSON object on standard input: `path`, `data`, `words`, `seconds`, `memory`, `output`, `source`. The answer on standard
output is `{"text": …, "read": […]}` or `{"problem": …, "message": …, "template": …, "line": …}`. Nothing of rating is
loaded.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
)
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import MAX_RANGE, ImmutableSandboxedEnvironment
from jinja2.utils import Cycler

from ratewright.explain.pages.html_filters import FILTERS

_POWER_BITS = 4_096
_ESCAPED = (".html", ".htm", ".xhtml", ".xml", ".svg")
_TEMPLATE_ENDINGS = (".jinja", ".jinja2", ".j2")
_CHANCE = ("lipsum", "random")
"""What Jinja offers that gives something else each time."""


class RefusedError(Exception):
    """A limit that is not one of Jinja's. `problem` is the key of a code in `user_template.PROBLEMS`."""

    def __init__(self, problem: str, message: str) -> None:
        super().__init__(message)
        self.problem = problem


class _TimeOver(BaseException):
    """Raised by the timer; not an Exception, so that no template can go on after it."""


_OURS = Path(__file__).resolve().parents[1] / "templates" / "html"
"""The built-in pages, which a template may extend."""


class _Folder(BaseLoader):
    """Templates of one folder, whatever their links point to, and behind them the built-in pages."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder.resolve()
        self._most = most
        self.read: list[str] = []

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        try:
            path = (self._folder / template).resolve()
            inside = path.is_relative_to(self._folder)
        except (OSError, ValueError):
            inside = False
        if not inside:
            raise RefusedError("outside", f"the template asks for `{template}`, which is outside its folder")
        if not path.is_file():
            return self._built_in(template)
        if path.stat().st_size > self._most:
            raise RefusedError(
                "large", f"`{template}` has {path.stat().st_size:,} bytes, over the limit of {self._most:,}"
            )
        self.read.append(str(path))
        try:
            return path.read_text(encoding="utf-8"), str(path), lambda: True
        except UnicodeDecodeError as error:
            raise RefusedError("unreadable", f"`{template}` is not text in UTF-8") from error

    @staticmethod
    def _built_in(name: str) -> tuple[str, str, Callable[[], bool]]:
        path = _OURS / name
        if path.parent != _OURS or not path.is_file():
            raise TemplateNotFound(name)
        return path.read_text(encoding="utf-8"), str(path), lambda: True


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with powers and repetitions kept small."""

    intercepted_binops = frozenset(["**", "*"])
    largest = 0

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            if isinstance(left, int) and isinstance(right, int) and left.bit_length() * abs(right) > _POWER_BITS:
                raise RefusedError("value", f"the power of {right:,} is too large to work out")
        else:
            for sized, count in ((left, right), (right, left)):
                if (
                    isinstance(sized, str | list | tuple)
                    and isinstance(count, int)
                    and len(sized) * count > self.largest
                ):
                    raise RefusedError(
                        "value", f"{count:,} times a text or list is over the limit of {self.largest:,} bytes"
                    )
        return super().call_binop(context, operator, left, right)


def money(value: object, currency: str = "") -> str:
    """Filter: an amount of the document, or a text, with digits grouped and its currency: `1,650.00 USD`."""
    if isinstance(value, Mapping):
        return money(value["value"], currency or str(value["currency"]))
    return f"{_grouped(str(value))} {currency}".rstrip()


def quantity(value: object, unit: str = "") -> str:
    """Filter: a quantity of the document as readers see it; or a text with its digits grouped, and a unit."""
    if isinstance(value, Mapping):
        return str(value["text"])
    return f"{_grouped(str(value))} {unit}".rstrip()


def _grouped(number: str) -> str:
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    whole, point, decimals = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{decimals}" if whole.isdigit() and whole.isascii() else number


def _printed(value: object) -> object:
    """A value as it is printed. Raises RefusedError for what would print its place in memory."""
    if isinstance(value, Iterator | Cycler) or (callable(value) and not isinstance(value, Undefined)):
        raise RefusedError("failed", "the template prints a function or a series, not its values")
    return value


def environment(path: Path, most_output: int, loader: BaseLoader) -> Environment:
    """The environment of one user's template, whose parts `loader` finds."""
    name = path.name.lower()
    for ending in _TEMPLATE_ENDINGS:
        name = name.removesuffix(ending)
    made = _Sandbox(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=name.endswith(_ESCAPED),
        keep_trailing_newline=True,
        finalize=_printed,
        cache_size=50,
    )
    made.largest = most_output
    for offered in (made.globals, made.filters):  # the same bill is the same text each time
        for name in _CHANCE:
            offered.pop(name, None)
    made.filters |= {"money": money, "quantity": quantity, **FILTERS}
    return made


def render(request: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The rendered text, and the files that it was made from. Raises what goes wrong."""
    path, most = Path(request["path"]), request["output"]
    folder = _Folder(path.parent, request["source"])
    made = environment(path, most, folder)
    made.globals["words"] = request.get("words", {})
    template = made.get_template(path.name)
    parts: list[str] = []
    size = 0
    for part in template.generate(**request["data"]):
        size += len(part.encode("utf-8", "surrogatepass"))
        if size > most:
            raise RefusedError("output", f"the template prints more than {most:,} bytes")
        parts.append(part)
    return "".join(parts), folder.read


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """The rendered text, or what went wrong in words and where."""
    with _timer(request["seconds"]):
        try:
            text, read = render(request)
            return {"text": text, "read": read}
        except _TimeOver:
            return _problem("time", f"the template ran for more than {request['seconds']} s", request)
        except MemoryError:
            return {"problem": "memory", "message": "", "template": "", "line": None}
        except Exception as error:
            problem, message = _what(error)
            return _problem(problem, message, request, error)


_ATTRIBUTE = re.compile(r"attribute '([^']*)'|^'([^']*)' is undefined")


def _what(error: Exception) -> tuple[str, str]:
    """The problem and its message, without the names of the host language's types."""
    named = _ATTRIBUTE.search(str(error))
    name = named.group(1) or named.group(2) if named else ""
    match error:
        case RefusedError():
            return error.problem, str(error)
        case TemplateSyntaxError():
            return "syntax", _plain(error.message, "the template is not well-formed")
        case TemplateNotFound():
            return "missing", f"the template asks for `{error.name}`, which is not in its folder"
        case SecurityError():
            return (
                "forbidden",
                f"the template may not touch `{name}`" if name else "the template may not do this",
            )
        case UndefinedError():
            return "undefined", f"there is no `{name}` here" if name else "there is no such value"
        case OverflowError():
            return "value", f"a range may have at most {MAX_RANGE:,} numbers"
        case RecursionError():
            return "deep", "templates, macros or expressions stand inside each other too deeply"
        case TemplateError():
            return "failed", _plain(error.message, "the template fails")
        case _:
            return "failed", "the template does with a value what that value does not allow"


def _plain(message: str | None, otherwise: str) -> str:
    """Jinja's own message in the style of ours: lower case at its start, backticks, no full stop."""
    text = (message or otherwise).rstrip(".")
    return text[:1].lower() + text[1:].replace("'", "`")


def _problem(problem: str, message: str, request: Mapping[str, Any], error: Exception | None = None) -> dict[str, Any]:
    template, line = request["path"], None
    if isinstance(error, TemplateSyntaxError):
        template, line = error.filename or template, error.lineno
    elif error is not None:
        folder = str(Path(request["path"]).parent.resolve())
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_filename.startswith(folder + os.sep):
                template, line = frame.f_code.co_filename, number
    return {"problem": problem, "message": message, "template": template, "line": line}


@contextlib.contextmanager
def _timer(seconds: float) -> Any:
    """Stop the template after `seconds` where the platform has a timer; the parent stops it in any case."""
    import signal

    if not hasattr(signal, "setitimer"):
        yield
        return

    def over(*_: object) -> None:
        raise _TimeOver

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _bound(seconds: int, memory: int) -> None:
    """Let the system hold the process to its memory and time, where it can."""
    try:
        import resource
    except ImportError:
        return
    for name, most in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", seconds + 2),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is not None:
            hard = resource.getrlimit(kind)[1]
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (bound, bound))


def main() -> None:
    """Read the request, render, write the answer."""
    request = json.load(sys.stdin)
    _bound(request["seconds"], request["memory"])
    try:
        text = json.dumps(answer(request))
    except MemoryError:
        text = '{"problem": "memory", "message": "", "template": "", "line": null}'
    sys.stdout.write(text)
    sys.stdout.flush()
    os._exit(0)  # nothing that a template left behind runs any more


if __name__ == "__main__":
    main()
