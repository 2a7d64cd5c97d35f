"""A formatted file says the same, with the same comments in the same order, each where it stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.diagnostics import Source
from ratewright.printing.equality import same
from ratewright.printing.formatting import FormatError, comments_of, format_rules
from ratewright.printing.rule_file import print_rules
from ratewright.printing.wrapping import WIDTH, _places, wrapped
from tests.printing.test_printing import WRITTEN
from tests.syntax.rule_files import FILES
from tests.syntax.trees import expression, plain, read


def formatted(text: str) -> str:
    file, problems = read(text)
    assert not problems, (problems[0].message, problems[0].span.line, text)
    return format_rules(file, Source("rules.tariff", text))


def comments(text: str) -> list[str]:
    return [comment.text for comment in comments_of(text)]


def must_keep(text: str) -> None:
    once = formatted(text)
    assert same(read(once)[0], read(text)[0])
    assert comments(once) == comments(text)
    assert formatted(once) == once


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_a_written_file(path):
    text = path.read_bytes().decode()
    if read(text)[1]:
        pytest.skip("does not parse")
    must_keep(text)


@given(FILES)
def test_a_file_without_comments_is_formatted_as_its_tree_is_printed(file):
    text = print_rules(file)
    assert formatted(text) == text


@st.composite
def commented(draw: st.DrawFn) -> str:
    """A rule file with comments, blank lines and semicolons wherever a line may end."""
    remarks = st.sampled_from(["#", "# a", '# "b" {', "# }", "#\tc  ", "# é # d"])
    text = "\n"
    for line in print_rules(draw(FILES)).splitlines():
        begun = 0
        for at, _ in _places(line, ()):
            if draw(st.integers(0, 3)) == 0:
                text += f"{line[begun:at]} {draw(remarks)}\n"
                begun = at
        text += line[begun:]
        what = draw(st.sampled_from(["line", "line", "comment", "blank", "remark", "semicolon"]))
        text += {
            "line": "\n",
            "comment": f"  {draw(remarks)}\n",
            "blank": "\n\n \n",
            "remark": f"\n{draw(remarks)}\n",
            "semicolon": f" ;{draw(remarks)}\n ; {draw(remarks)}\n",
        }[what]
    return text.replace("\n", "\r\n") if draw(st.integers(0, 4)) == 0 else text


@given(commented())
def test_comments_anywhere(text):
    must_keep(text)
    assert ("\r\n" in formatted(text)) == ("\r\n" in text and formatted(text) != "")


LOOKS = """\
# What it is about,
# in two lines.

tariff demo {  # the head
  currency USD
  timezone "UTC"  # assumed
}

unit call, calls
# what is watched

unit user

# ---------------------------------------------------------------- prices

# About the table.
table price by plan {
  # of those who pay
  pro   1    USD  # each
  free  0.50 USD  # to keep them

  # nobody has this
  gold  not sold
}

charge fee {
  every    month

  # the sum of both
  amount   1 USD
  # at the end
}
# the end
"""


def test_comments_stay_where_they_stand():
    assert formatted(LOOKS) == LOOKS


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("unit a# b", "unit a  # b\n"),
        ("\n\n# a\n\n\n\n# b\nunit c\n\n\n", "# a\n\n# b\nunit c\n"),
        ("unit a; unit b # c", "unit a\nunit b  # c\n"),
        ("unit a # b\nunit long # c", "unit a     # b\nunit long  # c\n"),
        ("define a = (b # 1\n + c # 2\n) # 3\n# 4", "# 1\n# 2\ndefine a = (b + c)  # 3\n# 4\n"),
        ("meter a { # 1\nmeasure sum(quantity) in GB # 2\n} # 3", "# 1\n# 2\nmeter a in GB  # 3\n"),
        ('unit a { # 1\n cite "b" # 2\n # 3\n} # 4', 'unit a {  # 1\n  cite "b"  # 2\n  # 3\n}  # 4\n'),
        ("charge a { # 1\n} # 2", "charge a {  # 1\n}  # 2\n"),
        ("charge a {\n\n\n# 1\n\n# 2\n\n}", "charge a {\n  # 1\n\n  # 2\n}\n"),
        ("charge a {\n}\n# b\ncharge c {\n}", "charge a {\n}\n\n# b\ncharge c {\n}\n"),
        ("charge a {\n}\n# a\n\ncharge c {\n}", "charge a {\n}\n# a\n\ncharge c {\n}\n"),
        ('example "# no comment" { cite "#" }', 'example "# no comment" {\n  cite "#"\n}\n'),
        ("# only this", "# only this\n"),
        ("", ""),
        ("\n;;\n", ""),
    ],
)
def test_where_comments_stand(text, made):
    assert formatted(text) == made
    assert formatted(made) == made


def test_a_sentence_above_the_rows_of_a_table():
    assert formatted('table t by a { cite "x"; b 3 }') == 'table t by a {\n  b  3\n  cite "x"\n}\n'
    with pytest.raises(FormatError, match="change their order") as refused:
        formatted('table t by a {\n  cite "x"  # first\n  b 3  # second\n}')
    assert refused.value.span.text == "# first"
    assert "below its rows" in refused.value.help


def test_lines_end_as_they_did():
    assert formatted("unit a\r\n\r\nunit b # c\r\n") == "unit a\r\n\r\nunit b  # c\r\n"


# ---------------------------------------------------------------- long lines

PART = "(if plan_{0} then {0} USD else round up (price_{0} * quantity_{0}))"
LONG = f"max({', '.join(PART.format(i) for i in range(9))})"


def test_a_long_line_is_broken_inside_its_brackets():
    text = wrapped(f"amount {LONG}", 2)
    lines = ("  " + text).split("\n")
    assert len(lines) > 3
    assert max(map(len, lines)) <= WIDTH
    assert all(line.startswith(" " * 13 + "(if plan_") for line in lines[1:])
    assert plain(expression(text.removeprefix("amount "))) == plain(expression(LONG))


@pytest.mark.parametrize(
    "text",
    [
        "amount " + " + ".join(f"price_number_{i}" for i in range(20)),
        'cite "' + "a, b + c (" * 30 + '"',
        "amount max(" + "a" * 200 + ")",
        f"amount {LONG[:60]}",
    ],
)
def test_a_line_that_cannot_be_broken_stays(text):
    assert wrapped(text, 2) == text


def test_a_text_is_not_broken():
    sentence = r'"a, \"b\" + c ( and d"'
    text = wrapped(f"where f({'x' * 90}, {sentence} + {sentence}, {sentence})", 2)
    assert text.count("\n") > 0
    assert text.count(sentence) == 3
