"""A user's own template: rendered in a process of its own, and what goes wrong there put in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ratewright.diagnostics import Diagnostic, RatewrightError, Source, line_span
from ratewright.explain.own_templates import template_codes
from ratewright.explain.wording.word_templates import layout_words
from ratewright.limits import Limits
from ratewright.reading import FilesRead

_START_SECONDS = 10
"""How long the process may take to start and to end, beside the time its template may take."""

_FIELDS = "see `--format json` for the fields there are"

PROBLEMS: dict[str, tuple[str, str]] = {
    "unreadable": (template_codes.NOT_READABLE, "save the file as UTF-8"),
    "large": (template_codes.TOO_LARGE, "shorten the template"),
    "syntax": (template_codes.NOT_WELL_FORMED, "see Jinja's template documentation for what may stand here"),
    "undefined": (template_codes.NOT_THERE, _FIELDS),
    "forbidden": (template_codes.FORBIDDEN, f"use the explanation's fields only; {_FIELDS}"),
    "outside": (template_codes.OUTSIDE, "put the file into the folder of the template, and name it without `..`"),
    "missing": (template_codes.OUTSIDE, "put the file into the folder of the template, or correct its name"),
    "time": (
        template_codes.TOO_LONG,
        "look for a loop without end, or raise the limit with --max-template-seconds",
    ),
    "memory": (
        template_codes.TOO_MUCH_MEMORY,
        "look for a text or list that grows without end, or raise the limit with --max-template-memory",
    ),
    "output": (
        template_codes.TOO_MUCH_OUTPUT,
        "look for a loop that prints too much, or raise the limit with --max-template-output",
    ),
    "value": (template_codes.TOO_MUCH_AT_ONCE, "loop over the explanation's own lists"),
    "deep": (template_codes.TOO_DEEP, "look for a macro or a template that uses itself"),
    "failed": (template_codes.FAILED, "figures are texts: give them to `money`, `quantity` or print them as they are"),
}
"""What the sandbox calls a problem: its code, and what to do about it."""


def render_template(
    path: Path,
    data: dict[str, Any],
    limits: Limits,
    files: FilesRead | None = None,
    words: Mapping[str, str] | None = None,
) -> str:
    """The template at `path`, rendered with `data`; what it takes in is noted in `files`. Raises RatewrightError.

    `words` are those of the built-in pages, the English ones if none are given."""
    _require_file(path, limits)
    request = {
        "path": str(path.resolve()),
        "data": data,
        "words": dict(words or layout_words()),
        "seconds": limits.template_seconds,
        "memory": limits.template_memory_bytes,
        "output": limits.template_output_bytes,
        "source": limits.rule_file_bytes,
    }
    answer = _ask(path, request, limits)
    if "text" in answer:
        text: str = answer["text"]
        if files is not None:
            for part in answer["read"]:
                files.note(part, str(path.parent / Path(part).relative_to(path.parent.resolve())))
        return text
    problem = answer["problem"]
    message = answer["message"]
    if problem == "memory":
        message = f"the template takes more than {limits.template_memory_bytes:,} bytes of memory"
    raise _error(problem, message, path, Path(answer["template"] or path.resolve()), answer["line"])


def _require_file(path: Path, limits: Limits) -> None:
    if not path.is_file():
        cause = "is no regular file" if path.exists() else "does not exist"
        found = Diagnostic(
            template_codes.NOT_READABLE,
            f"the template `{path}` {cause}",
            help="give the path of a template file",
            file=str(path),
        )
        raise RatewrightError([found])
    size = path.stat().st_size
    if size > limits.rule_file_bytes:
        message = f"the template has {size:,} bytes, over the limit of {limits.rule_file_bytes:,}"
        raise RatewrightError(
            [Diagnostic(template_codes.TOO_LARGE, message, help=PROBLEMS["large"][1], file=str(path))]
        )


def _ask(path: Path, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """The answer of the process. Raises RatewrightError where there is none."""
    folder = str(Path(__file__).parents[3])  # where this very package is, installed or not
    places = os.pathsep.join(part for part in (folder, os.environ.get("PYTHONPATH", "")) if part)
    command = [sys.executable, "-P", "-m", "ratewright.explain.own_templates.template_sandbox"]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=limits.template_seconds + _START_SECONDS,
            env={**os.environ, "PYTHONPATH": places},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _error("time", f"the template ran for more than {limits.template_seconds} s", path, path, None) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise _no_answer(path, done, limits) from error
    return answer


def _no_answer(path: Path, done: subprocess.CompletedProcess[bytes], limits: Limits) -> RatewrightError:
    import signal

    if done.returncode in (-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0)):
        return _error("time", f"the template ran for more than {limits.template_seconds} s", path, path.resolve(), None)
    if b"MemoryError" in done.stderr:
        message = f"the template takes more than {limits.template_memory_bytes:,} bytes of memory"
        return _error("memory", message, path, path.resolve(), None)
    message = f"the process that renders the template ended with {done.returncode} and no answer"
    help = "try the template on a shorter explanation, or take parts of it away to find the cause"
    return RatewrightError([Diagnostic(template_codes.DIED, message, help=help, file=str(path))])


def _error(problem: str, message: str, asked: Path, template: Path, line: int | None) -> RatewrightError:
    code, help = PROBLEMS[problem]
    same = template == asked.resolve()
    name = str(asked) if same else template.name
    span = None
    if line is not None:
        try:
            source = Source(name, template.read_text(encoding="utf-8", errors="replace"))
            span = line_span(source, line)
        except OSError:
            span = None
    return RatewrightError([Diagnostic(code, message, span, help, file=name)])
