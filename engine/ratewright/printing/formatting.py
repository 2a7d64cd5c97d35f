"""A rule file → the same file in canonical form, its comments where they stood.

Comments are no part of a syntax tree, so they are found in the text again. Each belongs to the line of the
canonical text that says what it stood behind, or what came next. The result is read again before it is
given back: it says the same, with the same comments in the same order, or it is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from ratewright.diagnostics import Source, Span
from ratewright.limits import DEFAULT, Limits
from ratewright.printing.equality import same
from ratewright.printing.rule_file import Line, declaration_lines, stand_together
from ratewright.syntax import nodes as n
from ratewright.syntax.parser import parse_rules

_INDENT = "  "
_TEXT_OR_COMMENT = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*+"|(#[^\n]*)')
_BEFORE_A_COMMENT = "  "


class FormatError(Exception):
    """The file cannot be formatted without a loss. `help` says what to change, `span` where."""

    def __init__(self, message: str, help: str, span: Span) -> None:
        super().__init__(message)
        self.help = help
        self.span = span


class Comment(Struct, frozen=True):
    """A comment with its `#`, and where it stands. `alone` if nothing stands before it on its line."""

    text: str
    start: int
    alone: bool


def comments_of(text: str) -> list[Comment]:
    """The comments of a rule file that parses, in their order."""
    found = (match for match in _TEXT_OR_COMMENT.finditer(text) if match[1] is not None)
    return [Comment(match[1].rstrip(), match.start(), _is_alone(text, match.start())) for match in found]


def format_rules(file: n.File, source: Source, limits: Limits = DEFAULT) -> str:
    """The canonical text of a file that was read from `source` without an error; lines end as they did there.

    A single blank line between statements, and around comments, stays. Raises FormatError where comments would
    change their order, which they do only around a table's `cite` that rows follow.
    """
    comments = comments_of(source.text)
    text = "".join(f"{line}\n" for line in _drawn(_entries(file, source.text, comments)))
    _check_comments(comments, comments_of(text), source)
    again, problems = parse_rules(Source(source.name, text), limits)
    if problems or not same(again, file):
        why = problems[0].message if problems else "it reads otherwise"
        raise FormatError(f"the canonical form does not say the same: {why}", "please report it", Span(source, 0, 0))
    return text.replace("\n", "\r\n") if "\r\n" in source.text else text


def _check_comments(before: Sequence[Comment], after: Sequence[Comment], source: Source) -> None:
    if [comment.text for comment in before] == [comment.text for comment in after]:
        return
    moved = next((b for b, a in zip(before, after, strict=False) if a.text != b.text), before[-1])
    place = Span(source, moved.start, moved.start + len(moved.text))
    raise FormatError("the comments would change their order", "write a table's `cite` below its rows", place)


def _is_alone(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return not line.strip(" \t\r;")


# ---------------------------------------------------------------- lines and comments, from the top


class _Entry(Struct):
    """A line of the result: what a declaration says, or a comment alone. `spaced` if a blank line stands before it."""

    depth: int
    text: str
    spaced: bool
    comment: str = ""


def _entries(file: n.File, text: str, comments: Sequence[Comment]) -> list[_Entry]:
    blocks = [declaration_lines(declaration) for declaration in file.declarations]
    behind, ahead, last = _placed([line for block in blocks for line in block], text, comments)
    entries: list[_Entry] = []
    before: list[Line] = []
    for block in blocks:
        made = [entry for line in block for entry in _with_comments(line, ahead[line.start], behind, text)]
        if before and not stand_together(before, block):
            _space(made[: len(ahead[block[0].start]) + 1])
        entries += made
        before = block
    return entries + [_alone(comment, 0, text) for comment in last]


def _space(gap: list[_Entry]) -> None:
    """See to it that a blank line stands between two declarations: where the file has one, or before all."""
    if not any(entry.spaced for entry in gap):
        gap[0].spaced = True


def _placed(
    lines: Sequence[Line], text: str, comments: Sequence[Comment]
) -> tuple[dict[int, str], dict[int, list[Comment]], list[Comment]]:
    """The comments behind lines and those before them, by where the lines start; and those behind everything."""
    starts = sorted({line.start for line in lines})
    ends = {line.start: line.end for line in lines}
    behind: dict[int, str] = {}
    ahead: dict[int, list[Comment]] = defaultdict(list)
    last: list[Comment] = []
    at = 0
    for comment in comments:
        while at < len(starts) and starts[at] < comment.start:
            at += 1
        begun = starts[at - 1] if at else -1
        if begun >= 0 and comment.start < ends[begun]:
            ahead[begun].append(comment)  # inside a statement of several lines
        elif begun >= 0 and not comment.alone and begun not in behind:
            behind[begun] = comment.text
        elif at < len(starts):
            ahead[starts[at]].append(comment)
        else:
            last.append(comment)
    return behind, ahead, last


def _with_comments(line: Line, ahead: list[Comment], behind: dict[int, str], text: str) -> Iterator[_Entry]:
    closing = line.text == "}"
    for comment in ahead:
        yield _alone(comment, line.depth + closing, text)
    spaced = not closing and _is_spaced(text, line.start)
    yield _Entry(line.depth, line.text, spaced, behind.get(line.start, ""))


def _alone(comment: Comment, depth: int, text: str) -> _Entry:
    return _Entry(depth, comment.text, _is_spaced(text, comment.start))


def _is_spaced(text: str, at: int) -> bool:
    """Whether a blank line stands before what begins at `at`."""
    blanks = text[len(text[:at].rstrip()) : at]
    return blanks.count("\n") > 1


# ---------------------------------------------------------------- lines of text


def _drawn(entries: Sequence[_Entry]) -> Iterator[str]:
    columns = _comment_columns(entries)
    opens = True
    for entry, column in zip(entries, columns, strict=True):
        if entry.spaced and not opens:
            yield ""
        text = _INDENT * entry.depth + entry.text
        comment = entry.comment and _BEFORE_A_COMMENT + entry.comment
        yield text + " " * (column - _width(entry)) + comment if comment else text
        opens = entry.text.endswith("{") and not entry.text.startswith("#")


def _is_brace(entry: _Entry) -> bool:
    """Whether a block begins or ends with an entry."""
    return entry.text.endswith("{") or entry.text == "}"


def _width(entry: _Entry) -> int:
    """The column at which an entry ends; of one with several lines, the last."""
    return len((_INDENT * entry.depth + entry.text).rpartition("\n")[2])


def _comment_columns(entries: Sequence[_Entry]) -> list[int]:
    """For each entry the column that the comment behind it is aligned to: the same in statements in a row."""
    columns: list[int] = []
    run: list[int] = []
    before: _Entry | None = None
    for index, entry in enumerate(entries):
        alike = before is not None and before.depth == entry.depth and not entry.spaced and not _is_brace(entry)
        if before is None or not (alike and before.comment and entry.comment):
            run = []
        run.append(index)
        columns.append(0)
        width = max(_width(entries[i]) for i in run)
        for i in run:
            columns[i] = width
        before = entry
    return columns
