"""How hard Hypothesis tries, and how evenly the time of the tests is spread.

A run of the tests says the same each time: Hypothesis tries few cases, always the same. The build tries more of these,
`--hypothesis-profile=build`, and `--hypothesis-profile=explore` others, ten times as many; CONTRIBUTING.md says when.

The last line of a run says what share of the time the slowest hundredth of the tests takes. Processor time is counted,
that of processes which a test starts and waits for included, so that a busy machine changes little.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.tries import IN_THE_BUILD

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
for profile, count in (("plain", 15), ("build", IN_THE_BUILD)):
    settings.register_profile(profile, UNTIMED, max_examples=count, derandomize=True, database=None)
settings.register_profile("explore", UNTIMED, max_examples=10 * IN_THE_BUILD)
settings.load_profile("plain")

# Python looks for circular garbage seldom, as in the command, but often enough for the memory of many processes.
gc.set_threshold(100_000, 10, 10)

BEGAN = pytest.StashKey[float]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--law-cases",
        type=int,
        default=6,
        help="of how many random cases each law is asked, and a 25th of those that are billed twice",
    )


def processor_seconds() -> float:
    """What this process and those that it waited for took so far."""
    ended = os.times()
    return time.process_time() + ended.children_user + ended.children_system


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    item.stash[BEGAN] = processor_seconds()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The last report of a test carries its time, from the process that ran it to the one that sums up."""
    report = yield
    if call.when == "teardown":
        report.processor_seconds = processor_seconds() - item.stash[BEGAN]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = (report for found in terminalreporter.stats.values() for report in found)
    times = sorted((r.processor_seconds for r in reports if hasattr(r, "processor_seconds")), reverse=True)
    slowest = times[: len(times) // 100]
    if slowest:
        share = f"{len(slowest)} of {len(times):,} tests take {sum(slowest) / sum(times):.0%} of {sum(times):.0f} s"
        terminalreporter.write_line(f"slowest hundredth: {share}")
