"""Whatever the text, reading it gives diagnostics with places inside it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from ratewright.checks.run import check, decode_rules
from ratewright.codes.catalogue import catalogue
from ratewright.diagnostics import Source, as_data, draw
from ratewright.syntax.parser import parse_expression
from tests.syntax.test_words import WORDS
from tests.syntax.trees import CORPUS, LISTS, PUBLISHED, inside
from tests.tries import tries

GROUPS = {
    group: [path.read_bytes().decode() for path in paths]
    for group, paths in (("corpus", CORPUS), ("lists", LISTS), ("published", PUBLISHED))
}
TEXTS = [text for texts in GROUPS.values() for text in texts]
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|#[^\n]*|[0-9A-Za-z_.,-]+|\s+|.', re.DOTALL)
TOKENS = {text: TOKEN.findall(text) for text in TEXTS}
CODES = frozenset(catalogue())
SIGNS = """{ } ( ) [ ] , ; = == < > + - * / % . " "a" \\ # × ≤ _ “""".split()
NUMBERS = "1 0 1,000 1,00 0.5 1e5 10GB 2026-03 2026-02-30 2026-03-01T10:00 \u0663".split()
KNOWN = "USD EUR GB pics quantity period".split()
HOSTILE = ["\n", "\r\n", "\r", "\u202e", "\u200b", "\x00", "é", "\ud800", "\u00a0"]
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
NUMBER = re.compile(r"[0-9][0-9,.]*", re.ASCII)
PLACES = {
    text: [i for i, token in enumerate(tokens) if NAME.fullmatch(token) or NUMBER.fullmatch(token)]
    for text, tokens in TOKENS.items()
}
FORMULAS = (
    """
quantity|sum(quantity)|highest(quantity, 5)|sum(quantity) each day|quantity where quantity > 1|x since activation
days(period)|1 day|5%|(1 USD)|not on|count()|max(1, 2)|period|at|start of month(at)|if on then 1 else 2|prices["a"]
"a"|-5|1/0|2026-01-01|1 USD/call|0|10 GB|total|charges|weekday(at)|time(at)|percentile(quantity, 95)|unique(at)
""".strip()
    .replace("\n", "|")
    .split("|")
)
PIECES = st.sampled_from([*WORDS, *SIGNS, *NUMBERS, *KNOWN, *HOSTILE])

quick = tries(120, suppress_health_check=list(HealthCheck))


def each_group(test: Callable[..., None]) -> Callable[..., None]:
    """Ask for each group of files, a third as often."""
    third = tries(40, suppress_health_check=list(HealthCheck))
    return pytest.mark.parametrize("group", GROUPS)(third(test))


def must_hold(text: str) -> None:
    source = Source("rules.tariff", text)
    tariff, found = check(source)
    for diagnostic in found:
        assert diagnostic.code in CODES
        assert diagnostic.message
        assert diagnostic.help or diagnostic.related or "; expected " in diagnostic.message, diagnostic.message
        for span in (diagnostic.span, *(span for _, span in diagnostic.related)):
            assert span is not None
            assert inside(span, source), (diagnostic, len(text))
        draw(diagnostic).encode()
        as_data(diagnostic)
    assert tariff is not None or found


@st.composite
def mutated(draw_from: st.DrawFn, texts: list[str]) -> str:
    """A good file with tokens dropped, doubled, exchanged, moved or put in."""
    tokens = list(TOKENS[draw_from(st.sampled_from(texts))])
    for _ in range(draw_from(st.integers(1, 6))):
        at = draw_from(st.integers(0, max(0, len(tokens) - 1)))
        what = draw_from(st.sampled_from(["drop", "double", "replace", "insert", "move", "cut"]))
        piece = draw_from(PIECES)
        if what == "drop":
            del tokens[at : at + draw_from(st.integers(1, 5))]
        elif what == "double":
            tokens[at:at] = tokens[at : at + draw_from(st.integers(1, 30))]
        elif what == "replace":
            tokens[at : at + 1] = [piece]
        elif what == "insert":
            tokens[at:at] = [piece, " "]
        elif what == "move":
            tokens.insert(draw_from(st.integers(0, len(tokens))), tokens[at] if tokens else piece)
        else:
            del tokens[at:]
    return "".join(tokens)


@st.composite
def misnamed(draw_from: st.DrawFn, texts: list[str]) -> str:
    """A good file with names and figures exchanged for others, most of which it has: it reads, and means nonsense."""
    chosen = draw_from(st.sampled_from(texts))
    tokens, places = list(TOKENS[chosen]), PLACES[chosen]
    for _ in range(draw_from(st.integers(1, 4))):
        at = draw_from(st.sampled_from(places))
        alike = [
            i for i in places if bool(NAME.fullmatch(TOKENS[chosen][i])) is bool(NAME.fullmatch(TOKENS[chosen][at]))
        ]
        other = st.sampled_from(alike).map(TOKENS[chosen].__getitem__)
        tokens[at] = draw_from(st.one_of(other, other, st.sampled_from(FORMULAS)))
    return "".join(tokens)


@st.composite
def spliced(draw_from: st.DrawFn, texts: list[str]) -> str:
    """A good file with lines of others in it."""
    lines = draw_from(st.sampled_from(texts)).split("\n")
    for _ in range(draw_from(st.integers(1, 3))):
        line = draw_from(st.sampled_from(draw_from(st.sampled_from(TEXTS)).split("\n")))
        lines.insert(draw_from(st.integers(0, len(lines))), line)
    return "\n".join(lines)


@st.composite
def scratched(draw_from: st.DrawFn, texts: list[str]) -> str:
    """A good file with single characters changed."""
    text = draw_from(st.sampled_from(texts))
    for _ in range(draw_from(st.integers(1, 8))):
        at = draw_from(st.integers(0, len(text)))
        change = draw_from(
            st.one_of(st.just(""), st.characters(), st.sampled_from('{}()[]"\\;,.=<>+-*/%# \n\r_0123456789'))
        )
        text = text[:at] + change + text[at + draw_from(st.integers(0, 2)) :]
    return text


@each_group
@given(data=st.data())
def test_files_with_tokens_changed(group, data):
    must_hold(data.draw(mutated(GROUPS[group])))


@each_group
@given(data=st.data())
def test_files_with_names_and_figures_exchanged(group, data):
    must_hold(data.draw(misnamed(GROUPS[group])))


@each_group
@given(data=st.data())
def test_files_with_lines_of_others(group, data):
    must_hold(data.draw(spliced(GROUPS[group])))


@each_group
@given(data=st.data())
def test_files_with_characters_changed(group, data):
    must_hold(data.draw(scratched(GROUPS[group])))


@quick
@given(st.lists(PIECES, max_size=60).map(" ".join))
def test_words_in_any_order(text):
    must_hold(text)


@quick
@given(st.text(max_size=400))
def test_any_text(text):
    must_hold(text)


@quick
@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_any_formula(text):
    source = Source("formula", text)
    made, found = parse_expression(source)
    assert made is not None or found
    for diagnostic in found:
        assert diagnostic.span is not None
        assert inside(diagnostic.span, source)
        draw(diagnostic).encode()


@quick
@given(st.binary(max_size=400))
def test_any_bytes(data):
    source, found = decode_rules(data, "rules.tariff")
    if source is None:
        assert [d.code for d in found] == ["R107"]
        draw(found[0])
    else:
        must_hold(source.text)


@each_group
@given(data=st.data())
def test_files_with_bytes_changed(group, data):
    raw = bytearray(data.draw(st.sampled_from(GROUPS[group])).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    source, found = decode_rules(bytes(raw), "rules.tariff")
    assert source is not None or [d.code for d in found] == ["R107"]
    if source is not None:
        must_hold(source.text)


@pytest.mark.parametrize("text", TEXTS, ids=[p.stem for p in (*CORPUS, *LISTS, *PUBLISHED)])
def test_files_that_end_early(text):
    for end in range(0, len(text), max(1, len(text) // 5)):
        must_hold(text[:end])
