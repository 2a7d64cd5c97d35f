"""Small lists and accounts, and the parts in which their bills differ."""

from __future__ import annotations

from ratewright.checks.run import check
from ratewright.comparison.compare import Method, compare
from ratewright.comparison.parts import Comparison
from ratewright.comparison.side import Side, side_of
from ratewright.diagnostics import Source, draw, errors_in
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import named
from ratewright.usage import read
from ratewright.values.calendar import calendar_of
from ratewright.values.readable import number_text

HEAD = 'tariff t "T" { currency USD;  timezone "UTC" }\nunit call, calls\n'


def rules(body: str, head: str = HEAD) -> tree.Tariff:
    found, diagnostics = check(Source("t.tariff", head + body))
    assert found is not None, "\n".join(draw(each) for each in errors_in(diagnostics))
    return found


def side(versions: tree.Tariff | list[tree.Tariff], account: str, period: str) -> Side:
    """A side by one list, or by its versions; the account is the rest of a fixture in YAML."""
    lists = versions if isinstance(versions, list) else [versions]
    usage, problems = read(Source("a.yaml", f"account: acme\ntimezone: UTC\n{account}"))
    assert usage is not None, "\n".join(draw(each) for each in problems)
    return side_of([plan_of(each) for each in lists], usage, named(period, calendar_of(lists[0].timezone)))


Told = tuple[str, str, str, str]
"""The inputs of a part, its aspect, the source of its line, and its amount."""


def told(found: Comparison) -> list[Told]:
    return [
        (
            "+".join(each.value for each in part.inputs),
            part.aspect.value,
            part.change.group.source if part.change is not None else "",
            number_text(part.amount),
        )
        for part in found.parts
    ]


def parts(was: Side, now: Side, method: Method = "in-turn") -> list[Told]:
    """The parts, which add up."""
    found = compare(was, now, method)
    assert sum(part.amount for part in found.parts) == found.due_now - found.due_was == found.difference
    return told(found)


def calls(*records: str) -> str:
    """Usage of the meter `used`: `2026-03-02 50`, by day, or `2026-03 50` of a whole month."""
    lines = []
    for record in records:
        when, quantity, *more = record.split(" ", 2)
        lines.append(f"  - {{meter: used, in: {when}, quantity: {quantity}{''.join(f', {each}' for each in more)}}}")
    return "usage:\n" + "\n".join(lines) + "\n"
