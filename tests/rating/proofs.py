"""Rule files that prove themselves: their examples say what must hold."""

from __future__ import annotations

from ratewright.checks.run import check
from ratewright.diagnostics import Source, draw, errors_in
from ratewright.trial.examples import run_examples
from ratewright.trial.results import Status

HEAD = 'tariff t "T" {{ currency USD; timezone "{timezone}"; bytes by 1000; rounding {rounding} }}\n'
UNITS = "unit call, calls\nunit user, users\n"


def proves(body: str, *, timezone: str = "UTC", rounding: str = "none") -> None:
    """Every example of the rules holds, and there is one."""
    text = HEAD.format(timezone=timezone, rounding=rounding) + UNITS + body
    tariff, diagnostics = check(Source("t.tariff", text))
    assert tariff is not None, "\n".join(draw(d) for d in errors_in(diagnostics))
    trials = run_examples(tariff)
    assert trials
    for trial in trials:
        told = [f"{o.subject}: expected {o.expected}, got {o.got}" for o in trial.outcomes if not o.holds]
        told += [draw(d) for d in trial.diagnostics]
        assert trial.status is Status.PASSED, f"{trial.name}\n" + "\n".join(told)
