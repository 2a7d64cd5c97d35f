"""Checking a document against the models, and turning what they object to into diagnostics with places."""

from __future__ import annotations

from typing import Any

from pydantic_core import ErrorDetails, ValidationError

from ratewright.diagnostics import Source, Span, did_you_mean
from ratewright.usage import codes
from ratewright.usage.document_tree import Mapping, Node, Path, find, kind_of, plain, span_of
from ratewright.usage.findings import Findings
from ratewright.usage.fixture_schema import MODELS, FixtureModel, read_fixture
from ratewright.usage.problem import instead, no_value_help, split_figure
from ratewright.usage.schema_values import Values
from ratewright.usage.shapes import Shape

_SHAPES = {
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def check_shape(document: Mapping, values: Values, source: Source, findings: Findings) -> FixtureModel | None:
    """The document as a model, its records unread. None if it does not fit, as `findings` then says."""
    decoded = {key: plain(node) for key, node in document.values.items()}
    try:
        return read_fixture(decoded, values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(detail, document, source, findings)
    return None


def _report(detail: ErrorDetails, document: Mapping, source: Source, findings: Findings) -> None:
    kind, path, tags = detail["type"], _path(detail["loc"]), [str(p) for p in detail["loc"] if _is_tag(p)]
    model, noun = _model_of(path, tags)
    last = str(path[-1]) if path else ""
    match kind:
        case "missing":
            findings.add(
                codes.MISSING_KEY,
                f"{noun} needs `{last}`",
                span_of(find(document, path[:-1]), source),
                _missing_help(model, last, find(document, path[:-1])),
            )
        case "extra_forbidden":
            findings.add(
                codes.UNKNOWN_KEY,
                f"`{last}` is no key of {noun}",
                _key_span(document, path, source),
                _torn_help(find(document, path[:-1]), last) or _known(model, last),
            )
        case "too_short":
            findings.add(
                codes.NO_VALUE,
                f"`{last}` has no value",
                span_of(find(document, path), source),
                no_value_help(),
            )
        case _ if kind in _SHAPES:
            node = find(document, path)
            findings.add(
                codes.WRONG_SHAPE,
                f"{_subject(path)} should be {_SHAPES[kind]}, and is {kind_of(node)}",
                span_of(node, source),
                _shape_help(path, _SHAPES[kind]),
            )
        case _:
            context: dict[str, Any] = detail.get("ctx", {})
            message = str(context.get("message", detail["msg"])).replace("the key", f"`{last}`", 1)
            at_key = detail["loc"][-1:] == ("[key]",)
            span = _key_span(document, path, source) if at_key else span_of(find(document, path), source)
            findings.add(
                kind if kind in codes.TABLE else codes.WRONG_SHAPE,
                message,
                span,
                _torn_help(find(document, path[:-1]), last) or str(context.get("help", "")),
            )


def _is_tag(part: int | str) -> bool:
    return isinstance(part, str) and part.startswith("kind:")


def _path(loc: tuple[int | str, ...]) -> Path:
    return tuple(part for part in loc if not _is_tag(part) and part != "[key]")


def _model_of(path: Path, tags: list[str]) -> tuple[type[Shape], str]:
    part = str(path[0]) if len(path) > 1 else ""
    for tag in tags:
        if f"{part} {tag}" in MODELS:
            return MODELS[f"{part} {tag}"]
    return MODELS.get(part, MODELS[""])


def _keys(model: type[Shape]) -> list[str]:
    return [key.name for key in model.keys.values()]


def _known(model: type[Shape], word: str) -> str:
    keys = _keys(model)
    return did_you_mean(word, keys) or f"the keys are {', '.join(f'`{key}`' for key in keys)}"


def _missing_help(model: type[Shape], key: str, node: Node) -> str:
    known = _keys(model)
    others = [k for k in node.values if k not in known] if isinstance(node, Mapping) else []
    if others and (guess := did_you_mean(key, others)):
        return instead(key, guess)
    missing = next(one for one in model.keys.values() if one.name == key)
    example = f", such as `{key}: {missing.examples[0]}`" if missing.examples else ""
    return f"add {missing.description}{example}"


def _torn_help(above: Node, key: str) -> str:
    """What to write where a comma has made a key of the end of a figure; nothing elsewhere."""
    if not isinstance(above, Mapping) or key not in above.values:
        return ""
    keys, values = list(above.values), list(map(plain, above.values.values()))
    figure = split_figure(keys, values, keys.index(key))
    return no_value_help(figure) if figure else ""


def _key_span(document: Mapping, path: Path, source: Source) -> Span:
    above = find(document, path[:-1])
    if isinstance(above, Mapping) and (key := above.keys.get(str(path[-1]))) is not None:
        return span_of(key, source)
    return span_of(above, source)


def _subject(path: Path) -> str:
    if not path:
        return "the fixture"
    if isinstance(path[-1], int):
        return f"each entry of `{path[-2]}`"
    return f"`{path[-1]}`"


def _shape_help(path: Path, shape: str) -> str:
    name = str(path[-1]) if path and isinstance(path[-1], str) else ""
    if shape == "a list":
        return f"write `{name}: [ … ]`, or one `- …` a line below it"
    return f"write `{name}: {{key: value}}`" if name else "write `{key: value, …}`"
