"""JSON Lines → batches of rows, each with its line. Numbers stay the text that was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from json import JSONDecodeError
from typing import Any

from ratewright.usage import codes
from ratewright.usage.entry_rows import BATCH
from ratewright.usage.files import StoredSource
from ratewright.usage.findings import AtLine, Findings, RecordFindings
from ratewright.usage.json_values import DECODER, NotFiniteError, not_finite
from ratewright.usage.problem import Problem
from ratewright.usage.record_columns import Batch


def json_batches(lines: Iterable[str], source: StoredSource, findings: Findings) -> Iterator[Batch]:
    """The rows of the file, in order. What is wrong with a line is added to `findings`."""
    line = 1
    unread = iter(lines)
    while texts := list(map(str.strip, islice(unread, BATCH))):
        objects = _quickly(texts)
        if objects is None:
            yield from _batches(*_one_by_one(line, texts, source, findings), source)
        else:
            yield from _batches(range(line, line + len(texts)), objects, source)
        line += len(texts)


def _quickly(texts: list[str]) -> list[dict[str, Any]] | None:
    """The objects of many lines; None if any line is blank or wrong."""
    try:
        decoded = list(map(DECODER.raw_decode, texts))
    except (ValueError, RecursionError):
        return None
    pairs = [value for value, _ in decoded]
    if [end for _, end in decoded] != list(map(len, texts)) or set(map(type, pairs)) != {tuple}:
        return None
    objects = list(map(dict, pairs))
    return objects if list(map(len, objects)) == list(map(len, pairs)) else None


def _one_by_one(
    first: int, texts: list[str], source: StoredSource, findings: Findings
) -> tuple[list[int], list[dict[str, Any]]]:
    numbers: list[int] = []
    objects: list[dict[str, Any]] = []
    for number, text in enumerate(texts, start=first):
        if not text:
            continue
        try:
            objects.append(_object_of(text))
            numbers.append(number)
        except Problem as problem:
            RecordFindings(findings, AtLine(source, number)).add_problem(problem, "")
    return numbers, objects


def _batches(numbers: Sequence[int], objects: list[dict[str, Any]], source: StoredSource) -> Iterator[Batch]:
    """Neighbours with the same keys in the same order make a batch."""
    begin = 0
    for keys, group in groupby(map(tuple, objects)):
        end = begin + len(list(group))
        yield _batch(keys, numbers[begin:end], objects[begin:end], source)
        begin = end


def _batch(keys: tuple[str, ...], lines: Sequence[int], objects: list[dict[str, Any]], source: StoredSource) -> Batch:
    columns = list(zip(*(one.values() for one in objects), strict=True))
    return Batch(keys, columns, lines, lambda number: AtLine(source, lines[number]))


def _object_of(text: str) -> dict[str, Any]:
    try:
        pairs, end = DECODER.raw_decode(text)
        if end != len(text):
            raise JSONDecodeError("there is text after the object", text, end)
    except NotFiniteError as error:
        raise not_finite(str(error)) from error
    except RecursionError as error:
        raise Problem(
            codes.TOO_DEEP, "lists and objects are nested too deeply", "a record holds single values"
        ) from error
    except ValueError as error:
        what = getattr(error, "msg", str(error))
        message = f"this is not well-formed JSON: {what[:1].lower()}{what[1:].removesuffix(' at')}"
        raise Problem(
            codes.BAD_JSON, message, "write one object a line, with keys and text in double quotes"
        ) from error
    if type(pairs) is not tuple:
        help = 'write one record a line: {"meter": "calls", …}'
        raise Problem(codes.NOT_OBJECT, "the line is no JSON object", help)
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Problem(codes.DUPLICATE_KEY, f"the key `{twice}` is written twice", "keep one of the two")
    return made
