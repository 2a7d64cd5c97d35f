"""What the tests of trials share: a price list from text, and its examples run."""

from __future__ import annotations

from ratewright.checks.run import check
from ratewright.diagnostics import Diagnostic, Source, draw
from ratewright.meaning import nodes as tree
from ratewright.trial.examples import run_examples
from ratewright.trial.inputs import example_usage
from ratewright.trial.results import Trial
from ratewright.usage.model import Record
from ratewright.values.calendar import calendar_of

HEAD = 'tariff t "T" { currency USD;  timezone "UTC";  bytes by 1000;  rounding none }\nunit call, calls\n'
TRAFFIC = """\
meter traffic {
  field    kind one of LEB, upstream = LEB
  field    region text = EU
  field    speed in Mbps = 0 Mbps
  field    active text = "on"
  measure  sum(quantity) in GB
}
charge fee { on traffic;  every month;  rate 1 USD/GB }
"""
CALLS = "meter made in calls\ncharge fee { on made;  every month;  rate 1 USD/call }\n"


def listed(rules: str, head: str = HEAD) -> tree.Tariff:
    """The price list of some declarations, which must hold."""
    found, diagnostics = check(Source("t.tariff", head + rules))
    assert found is not None, "\n".join(draw(d) for d in diagnostics)
    return found


def refused(rules: str, head: str = HEAD) -> list[Diagnostic]:
    """What is wrong with some declarations."""
    found, diagnostics = check(Source("t.tariff", head + rules))
    assert found is None
    return diagnostics


def ran(rules: str, *statements: str, head: str = HEAD) -> Trial:
    """One example of a price list, run."""
    return run_examples(listed(f'{rules}\nexample "e" {{\n{chr(10).join(statements)}\n}}\n', head))[0]


def holds(rules: str, *statements: str, head: str = HEAD) -> None:
    """An example, which must pass or be disputed."""
    trial = ran(rules, *statements, head=head)
    assert trial.diagnostics == (), "\n".join(draw(d) for d in trial.diagnostics)
    assert trial.outcomes
    assert [(o.subject, o.got, o.expected) for o in trial.outcomes if not o.holds] == []


def records(rules: str, *statements: str, head: str = HEAD) -> list[Record]:
    """The records that an example gives."""
    found = listed(f'{rules}\nexample "e" {{\n{chr(10).join(statements)}\nexpect total >= 0 USD\n}}\n', head)
    return list(example_usage(found.examples[0], found, calendar_of(found.timezone)).records)
