"""A user's own template: what it can do, what it may not, and how it is told."""

import json
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from ratewright.diagnostics import RatewrightError
from ratewright.explain.own_templates import template_codes, template_sandbox
from ratewright.explain.own_templates.user_template import PROBLEMS
from ratewright.explain.render import render_with_template
from ratewright.limits import DEFAULT
from tests.explain.bills import both, plain

TIGHT = replace(DEFAULT, template_seconds=1, template_output_bytes=100_000)
posix = pytest.mark.skipif(sys.platform == "win32", reason="no limits of resources")


def write(folder: Path, text: str, name: str = "own.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path, limits=TIGHT):
    with pytest.raises(RatewrightError) as caught:
        render_with_template(plain(), path, limits=limits)
    (found,) = caught.value.diagnostics
    return found


def test_a_template_sees_the_explanation(tmp_path: Path) -> None:
    text = """Dear {{ account }},
{% for section in sections %}{% for row in section.rows if row.kind == "charge" -%}
{{ row.label }}: {{ row.quantity|quantity }}, {{ row.amount|money }}
{%- endfor %}{% endfor %}
{{ total|money }} / {{ "1234567.50"|money("USD") }} / {{ "-1000"|quantity("pics") }}
"""
    told = render_with_template(plain(), write(tmp_path, text))
    assert told.split("\n", 1)[0] == "Dear acme,"
    assert "pay as you go: 9,950 pics, 796.00 USD" in told
    assert "796.00 USD / 1,234,567.50 USD / -1,000 pics\n" in told


def test_a_statement_and_a_length(tmp_path: Path) -> None:
    path = write(tmp_path, "{{ kind }} {{ detail }} {{ bills|length }} {{ total.value }}")
    assert render_with_template(both(), path, "full") == "statement full 2 7825.00"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.html", "&lt;b&gt;"),
        ("a.htm.j2", "&lt;b&gt;"),
        ("A.HTML.jinja", "&lt;b&gt;"),
        ("a.txt", "<b>"),
        ("a.md", "<b>"),
    ],
)
def test_html_is_escaped_by_the_name(tmp_path: Path, name: str, shown: str) -> None:
    bill = replace(plain(), account="<b>")
    assert render_with_template(bill, write(tmp_path, "{{ account }}", name)) == shown


def test_a_template_may_use_files_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    write(tmp_path / "parts", "{% macro hi(name) %}hi {{ name }}{% endmacro %}", "macros.txt")
    assert (
        render_with_template(plain(), write(tmp_path, '{% from "parts/macros.txt" import hi %}{{ hi(account) }}'))
        == "hi acme"
    )


ATTACKS = [
    ("{{ ''.__class__.__mro__ }}", template_codes.FORBIDDEN, "may not touch `__class__`"),
    ("{{ total|attr('__class__') }}", template_codes.FORBIDDEN, "may not touch `__class__`"),
    ("{{ '{0.__class__}'.format(total) }}", template_codes.FORBIDDEN, "may not touch `__class__`"),
    ("{{ self.__init__.__globals__ }}", template_codes.FORBIDDEN, "may not touch `__init__`"),
    ("{{ cycler.__init__.__globals__.os.system('id') }}", template_codes.FORBIDDEN, "may not touch `__init__`"),
    ("{{ sections.append(1) }}", template_codes.FORBIDDEN, "may not touch `append`"),
    ("{{ total.update({}) }}", template_codes.FORBIDDEN, "may not touch `update`"),
    ("{% include '/etc/passwd' %}", template_codes.OUTSIDE, "outside its folder"),
    ("{% include '../secret.txt' %}", template_codes.OUTSIDE, "outside its folder"),
    ("{% import 'nested/../../secret.txt' as s %}", template_codes.OUTSIDE, "outside its folder"),
    ("{% include 'link.txt' %}", template_codes.OUTSIDE, "outside its folder"),
    ("{% include 'none.txt' %}", template_codes.OUTSIDE, "not in its folder"),
    ("{{ nothing }}", template_codes.NOT_THERE, "there is no `nothing` here"),
    ("{{ total.nothing }}", template_codes.NOT_THERE, "there is no `nothing` here"),
    ("{{ lipsum(9) }}", template_codes.NOT_THERE, "there is no `lipsum` here"),
    ("{{ lines|random }}", template_codes.NOT_WELL_FORMED, "no filter named `random`"),
    ("{{ [1]|map('random')|list }}", template_codes.FAILED, "no filter named `random`"),
    ("{{ account.upper }}", template_codes.FAILED, "prints a function or a series"),
    ("{{ account|map('upper') }}", template_codes.FAILED, "prints a function or a series"),
    ("{{ cycler(1) }}", template_codes.FAILED, "prints a function or a series"),
    ("{{ joiner() }}", template_codes.FAILED, "prints a function or a series"),
    ("{% if %}", template_codes.NOT_WELL_FORMED, "expected an expression"),
    ("{% for row in total %}", template_codes.NOT_WELL_FORMED, "unexpected end of template"),
    ("{{ total.value + 1 }}", template_codes.FAILED, "does not allow"),
    ("{{ 1 / 0 }}", template_codes.FAILED, "does not allow"),
    ("{% for i in range(10 ** 9) %}{% endfor %}", template_codes.TOO_MUCH_AT_ONCE, "at most 100,000 numbers"),
    ("{{ 'a' * 10 ** 10 }}", template_codes.TOO_MUCH_AT_ONCE, "over the limit of 100,000"),
    ("{{ 10 ** 9 * [0] }}", template_codes.TOO_MUCH_AT_ONCE, "over the limit of 100,000"),
    ("{{ 10 ** (10 ** 9) }}", template_codes.TOO_MUCH_AT_ONCE, "too large to work out"),
    ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", template_codes.TOO_DEEP, "too deeply"),
    ("{% include 'own.txt' %}", template_codes.TOO_DEEP, "too deeply"),
]


@posix
@pytest.mark.parametrize(("attack", "code", "message"), ATTACKS)
def test_what_a_template_may_not(tmp_path: Path, attack: str, code: str, message: str) -> None:
    folder = tmp_path / "templates"
    (folder / "nested").mkdir(parents=True)
    write(tmp_path, "secret", "secret.txt")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    path = write(folder, f"first line\n{attack}\n")
    found = refusal(path)
    assert (found.code, found.help) != ("", "")
    assert found.code == code
    assert message in found.message
    assert "object" not in found.message
    assert found.span is not None
    assert found.span.source.name == str(path)
    assert found.span.line == 2 or code in (template_codes.NOT_WELL_FORMED, template_codes.TOO_DEEP)


@posix
@pytest.mark.parametrize(
    ("attack", "code"),
    [
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", template_codes.TOO_LONG),
        ("{% for i in range(99999) %}0123456789{% endfor %}", template_codes.TOO_MUCH_OUTPUT),
        ("{{ 'x'|center(10 ** 12) }}", template_codes.TOO_MUCH_MEMORY),
        (
            "{% set n = namespace(s='ab') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
            template_codes.TOO_MUCH_MEMORY,
        ),
    ],
)
def test_limits_are_kept(tmp_path: Path, attack: str, code: str) -> None:
    path = write(tmp_path, attack)
    # Only the limit in question may be met first, however busy the machine is.
    found = refusal(path, TIGHT if code == template_codes.TOO_LONG else replace(TIGHT, template_seconds=60))
    assert found.code == code
    assert found.place.startswith(str(path))
    assert "raise the limit with --max-template-" in found.help


def test_an_error_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    write(tmp_path, "fine\n\n{{ nothing }}", "part.txt")
    found = refusal(write(tmp_path, "{% include 'part.txt' %}"))
    assert found.span is not None
    assert (found.span.source.name, found.span.line) == ("part.txt", 3)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.txt").code == template_codes.NOT_READABLE
    assert "is no regular file" in refusal(tmp_path).message
    (tmp_path / "latin.txt").write_bytes(b"\xe4\xf6")
    assert refusal(tmp_path / "latin.txt").code == template_codes.NOT_READABLE
    large = write(tmp_path, "x" * 2000)
    assert refusal(large, replace(DEFAULT, rule_file_bytes=1000)).code == template_codes.TOO_LARGE


@posix
def test_a_process_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = refusal(write(tmp_path, "x"))
    assert found.code == template_codes.DIED


def test_every_problem_has_its_code() -> None:
    used = {code for code, _ in PROBLEMS.values()} | {template_codes.DIED}
    assert used == set(template_codes.TABLE)
    assert all(help for _, help in PROBLEMS.values())
    assert all(title and words.endswith(".") for title, words in template_codes.TABLE.values())


def test_the_sandbox_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "{{ a|money }} {{ b|quantity }} {{ 'x'|money }}")
    data = {"a": {"value": "1000.50", "currency": "EUR"}, "b": {"text": "3 pics"}}
    request = {"path": str(path), "data": data, "seconds": 1, "memory": 0, "output": 1000, "source": 1000}
    assert template_sandbox.answer(json.loads(json.dumps(request))) == {
        "text": "1,000.50 EUR 3 pics x",
        "read": [str(path)],
    }
