"""What the checks note of a list."""

from __future__ import annotations

from ratewright.checks.run import check
from ratewright.diagnostics import Severity, Source, draw

HEADER = 'tariff demo { currency USD; timezone "UTC" }\nunit pic, pics\n'


def found(text: str) -> list[str]:
    tariff, diagnostics = check(Source("rules.tariff", HEADER + text))
    assert tariff is not None, diagnostics
    assert all(d.severity is not Severity.ERROR for d in diagnostics)
    return [draw(d) for d in diagnostics]


def codes(text: str) -> list[str]:
    return [line.split("]")[0].split("[")[1] for line in found(text)]
