"""How a text is cut into declarations, statements, words and numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ratewright.diagnostics import Source
from ratewright.limits import DEFAULT
from ratewright.syntax import nodes as n
from ratewright.syntax import parser_tables
from ratewright.syntax.parser import parse_expression
from ratewright.syntax.recover import declaration_chunks, declared_names
from tests.syntax.trees import HEADER, expression, inside, plain, read


def names(file: n.File) -> list[str]:
    return [d.name.text for d in file.declarations]


# ---------------------------------------------------------------- one broken declaration does not hide the others

METER = "meter {0} {{\n  measure sum(quantity) in GB\n}}\n"


@pytest.mark.parametrize(
    "broken",
    [
        "meter broken {\n  measure\n}\n",
        "meter broken {\n  measure sum((((quantity) in GB\n}\n",
        "metre broken in GB\n",
        "meter broken in GB in GB\n",
        'meter broken "no end {\n  measure sum(quantity) in GB\n}\n',
        "meter broken {\n  measure sum(quantity) in GB\n}}\n",
        "meter broken {{\n  measure sum(quantity) in GB\n}\n",
        "meter broken {\n  measure sum(quantity) in GB\n",
        "meter broken\n{\n  measure sum(quantity) in GB\n}\n",
        "every month\n",
        "?\n",
    ],
)
def test_the_declarations_around_a_broken_one_are_read(broken):
    text = HEADER + METER.format("before") + broken + METER.format("after") + "\n# the end\n"
    file, problems = read(text)
    assert names(file) == ["demo", "before", "after"]
    assert len(problems) in (1, 2)
    assert file.broken
    start = len(HEADER + METER.format("before"))
    for problem in problems:
        assert start <= problem.span.start <= start + len(broken) + 1


def test_every_broken_declaration_is_reported():
    text = HEADER + "".join(f"meter m{i} {{\n  measure\n}}\n{METER.format(f'fine{i}')}" for i in range(5))
    file, problems = read(text)
    assert [p.span.line for p in problems] == [3 + 6 * i for i in range(5)]
    assert len(file.declarations) == 6
    assert file.lost == {f"m{i}" for i in range(5)}


def test_a_missing_brace_is_seen_where_the_next_declaration_starts():
    file, problems = read(HEADER + "meter a {\n  measure sum(quantity) in GB\n" + METER.format("b"))
    assert names(file) == ["demo", "b"]
    assert [(p.code, p.span.line) for p in problems] == [("R102", 3)]


def test_a_brace_too_many_belongs_to_the_declaration_before_it():
    file, problems = read(HEADER + METER.format("before") + "}\n" + METER.format("after"))
    assert names(file) == ["demo", "after"]
    assert file.lost == {"before"}
    assert [(p.span.text, p.help) for p in problems] == [("}", "there is a `}` too many")]


def test_chunks_leave_nothing_out():
    text = "x\nmeter a in GB\n\n# about b\nmeter b {\n}\nstray\nunit c"
    assert [text[a:b] for a, b in declaration_chunks(text)] == ["x", "meter a in GB", "meter b {\n}", "stray", "unit c"]


@pytest.mark.parametrize(
    ("chunk", "expected"),
    [
        ("meter a {", {"a"}),
        ("unit pic, pics ??", {"pic", "pics"}),
        ("  metre 720p in", {"720p"}),
        ("}", set()),
        ("", set()),
    ],
)
def test_names_of_broken_declarations(chunk, expected):
    assert declared_names(chunk) == expected


# ---------------------------------------------------------------- lines


def test_a_line_may_break_inside_brackets():
    text = "max(\n  a,   # first\n\n  b\n)\n + t[\n a\n,\r\n b]".replace("\n +", " +")
    assert plain(expression(text)) == plain(expression("max(a, b) + t[a, b]"))


def test_a_semicolon_is_dropped_inside_brackets_too():
    assert plain(expression("(a;\n+ b)")) == plain(expression("(a + b)"))


@pytest.mark.parametrize(
    "text",
    [
        "charge c { on m; every month; rate 1 USD/GB }",
        "charge c { on m; every month; rate 1 USD/GB; }",
        "charge c {\n\n on m\n\n\n every month ;; \n rate 1 USD/GB\n\n}",
        "charge c { # x\n on m # y\n every month # z }\n rate 1 USD/GB\n # w\n}",
        "charge c {\r\n on m\r\n every month\r\n rate 1 USD/GB\r\n}\r\n",
        ";; charge c {;;;on m;\n;every month;;rate 1 USD/GB;;};;",
    ],
)
def test_statements_end_with_a_line_or_a_semicolon(text):
    file, problems = read(HEADER + text)
    assert not problems
    assert [type(x) for x in file.declarations[1].statements] == [n.On, n.Every, n.Rate]


@pytest.mark.parametrize(
    "text",
    [
        "unit pic\nunit task",
        "unit pic;unit task",
        "unit pic # one\n\nunit task",
        "\n\nunit pic\n;\nunit task\n\n",
        "#\nunit pic\nunit task #",
    ],
)
def test_declarations_end_with_a_line_or_a_semicolon(text):
    file, problems = read(text)
    assert not problems
    assert names(file) == ["pic", "task"]


# ---------------------------------------------------------------- words that need a space


@pytest.mark.parametrize(
    "text",
    [
        "unitpic, pics",
        "meter m inGB",
        "charge c { everymonth }",
        "charge c { onm }",
        "charge c { every month onday 3 }",
        "charge c { invoiced day1 of next month }",
        "charge c { flatat zero usage }",
        "package p { valid 1 year fromx }",
        "charge c { amount ifa then 1 else 2 }",
        "charge c { amount if a thenb else c }",
        "deduct a fromb",
        'example "e" { use 1 a of m in2026-01 }',
        'example "e" { set a b from2026-01 }',
        "charge c { amount 10GB }x",
        "charge c { amount 2.5GB }",
        "tariff t { bytes by1024 }",
    ],
)
def test_a_keyword_does_not_run_into_the_next_word(text):
    _, problems = read(text)
    assert problems


@pytest.mark.parametrize(
    "text",
    [
        'tariff t"title"{currency USD}',
        "charge c{amount(1)+(2)}",
        "charge c{amount 12%of(a)}",
        'setting s text="a"',
        "charge c{when(a)and(b)}",
    ],
)
def test_signs_need_no_space(text):
    assert not read(text)[1]


# ---------------------------------------------------------------- numbers, dates, texts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("1,000", 1000),
        ("1,000,000.50", Fraction(2000001, 2)),
        ("1000000", 1000000),
        ("0.1", Fraction(1, 10)),
        ("9" * 38, int("9" * 38)),
        ("0." + "1" * 18, Fraction(int("1" * 18), 10**18)),
    ],
)
def test_numbers_are_exact(text, value):
    assert expression(text).value == value


@pytest.mark.parametrize(
    "text",
    [
        "1,00",
        "1,0000",
        "10,00",
        "1.",
        ".5",
        "1.2.3",
        "1,000,00",
        "0,5",
        "1e5",
        "0x1F",
        "1_000",
        "9" * 39,
        "0." + "1" * 19,
    ],
)
def test_other_numbers_are_refused(text):
    made, problems = parse_expression(Source("formula", f"{text} USD"))
    assert problems or not isinstance(made, n.Quantity)
    if problems:
        assert problems[0].span.start == 0


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-03", True),
        ("2026-03-01", False),
        ("2026-03-01 10:00", False),
        ("2026-03-01T10:00:30", False),
        ("2026-03-01T10:00Z", False),
        ("2026-03-01 10:00+08:00", False),
    ],
)
def test_dates(text, month):
    made = expression(text)
    assert isinstance(made, n.Time)
    assert made.month is month


def test_a_subtraction_is_no_date():
    assert isinstance(expression("2026 - 03"), n.Sum)
    assert isinstance(expression("2026-3"), n.Sum)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (r'"a \"b\" \\ c"', r'a "b" \ c'),
        (r'"\\\\"', r"\\"),
        (r'"\\\""', r"\""),
        ('"# { } ; "', "# { } ; "),
        ('""', ""),
        ('"价格"', "价格"),
    ],
)
def test_texts(text, inner):
    assert expression(text).text == inner


@pytest.mark.parametrize("text", ['"a', '"a\nb"', r'"a\n"', r'"\"', '"a\\'])
def test_a_text_ends_on_its_line(text):
    assert parse_expression(Source("formula", text))[1]


@pytest.mark.parametrize(("text", "same"), [("a ≤ b", "a <= b"), ("a ≥ b", "a >= b"), ("a × b", "a * b")])
def test_two_ways_to_write_a_sign(text, same):
    assert plain(expression(text)) == plain(expression(same))


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("a + b * c", "a + (b * c)"),
        ("not a == b and c or d", "((not (a == b)) and c) or d"),
        ("-a * b", "(-a) * b"),
        ("10% of a * b", "(10% of a) * b"),
        ("10% of a + b", "(10% of a) + b"),
        ("if a then b else c + d", "if a then b else (c + d)"),
        ("a - b - c", "a - b - c"),
        ("a / b / c", "a / b / c"),
        ("a - b > c", "(a - b) > c"),
    ],
)
def test_what_binds_stronger(text, grouped):
    def ungrouped(value):
        if isinstance(value, tuple):
            return ungrouped(value[1]) if value and value[0] == "Group" else tuple(ungrouped(v) for v in value)
        return value

    assert ungrouped(plain(expression(text))) == ungrouped(plain(expression(grouped)))


# ---------------------------------------------------------------- the parser itself


def test_the_shipped_tables_are_those_of_the_grammar():
    """Written anew they are the same; and the grammar is strict: it has no conflict and no terminals that collide."""
    assert parser_tables.is_fresh(), "run python -m ratewright.syntax.parser_tables"


def test_the_tables_are_used_for_the_grammar_only():
    from hashlib import sha256

    from ratewright.resources import grammar_file
    from ratewright.syntax import _tables

    assert sha256(grammar_file().read_bytes()).hexdigest() == _tables.GRAMMAR_SHA256


def test_a_parser_built_from_the_grammar_reads_the_same(monkeypatch):
    from ratewright.syntax import _tables, parser

    text = HEADER + METER.format("a") + "charge c { on a; every month; volume { below 3 GB 1 USD; beyond 2 USD/GB } }"
    shipped = plain(read(text)[0])
    monkeypatch.setattr(_tables, "GRAMMAR_SHA256", "")
    built = parser._Parser(DEFAULT)
    monkeypatch.setattr(parser, "_parser", lambda limits: built)
    file, problems = read(text)
    assert not problems
    assert plain(file) == shipped


def test_spans_are_of_the_source_that_was_read():
    one, two = Source("one", "a +"), Source("two", "b *")
    for source in (one, two):
        (problem,) = parse_expression(source)[1]
        assert inside(problem.span, source)
