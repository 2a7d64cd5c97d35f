"""A month of five-minute samples, its 95th percentile and its nested peak, against plain NumPy on the same figures."""

from __future__ import annotations

import random
import sys

from whenever import Instant

from benchmarks.result import Result, ratio, side_by_side
from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.meaning.nodes import Tariff
from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import months
from ratewright.rating.walk import rate
from ratewright.usage.model import Amount, Form, Place, Record, Usage
from ratewright.values.calendar import calendar_of

DAYS, PER_DAY = 14, 288
SAMPLES = DAYS * PER_DAY
RULES = """
tariff bandwidth "Bandwidth" { currency USD; timezone "Asia/Shanghai" }
unit sample, samples
meter points { field inbound, outbound in Mbps; measure count() in samples }
meter p95 {
  reads    points
  define   rate = max(inbound, outbound)
  measure  percentile(rate, 95) in Mbps
}
meter top5 {
  reads    points
  define   rate = max(inbound, outbound)
  define   daily_peak = nth_highest(rate, 5) each day where highest(rate) > 1 kbps
  measure  mean(highest(daily_peak, 5)) in Mbps
}
charge by_percentile { on p95;  every month; rate 16.97 USD/Mbps }
charge by_peaks      { on top5; every month; rate 16.97 USD/Mbps }
"""


def _tariff() -> Tariff:
    found, problems = check(Source("bandwidth.tariff", RULES))
    assert found is not None, problems
    return found


def measure() -> list[Result]:
    """Under 100 ms for 4,032 samples; the ratio to NumPy, which rounds to binary fractions, is reported as it is."""
    try:
        import numpy
    except ImportError:
        print("`percentile` needs NumPy: pip install -e '.[benchmarks]'", file=sys.stderr)
        return []
    random.seed(3)
    figures = [(random.randint(1, 9_999), random.randint(1, 9_999)) for _ in range(SAMPLES)]
    tariff = _tariff()
    source = Source("samples.csv", "")
    place = Place(source, 1)
    start = Instant.from_utc(2026, 2, 28, 16)  # midnight there
    usage = Usage(
        "acme",
        source,
        records=tuple(
            Record(
                str(number),
                "samples",
                "points",
                Form.EVENT,
                start.add(minutes=5 * number),
                None,
                Amount(1),
                place,
                {"inbound": Amount(inbound, "Mbps"), "outbound": Amount(outbound, "Mbps")},
            )
            for number, (inbound, outbound) in enumerate(figures)
        ),
    )
    periods = months("2026-03", "2026-03", calendar_of(tariff.timezone))
    pairs = numpy.array(figures, dtype=float)

    def ours() -> object:
        bills, problems = rate(plan_of(tariff), usage, periods)
        assert not problems
        return bills

    def plain() -> object:
        rates = pairs.max(axis=1)
        percentile = numpy.sort(rates)[int(numpy.ceil(0.95 * SAMPLES)) - 1]
        peaks = numpy.sort(rates.reshape(DAYS, PER_DAY), axis=1)[:, -5]
        return percentile * 16.97, numpy.sort(peaks)[-5:].mean() * 16.97

    ours()
    rated, computed = side_by_side(ours, plain, 15)
    return [
        Result(
            f"{SAMPLES:,} samples, percentile and nested peak: time",
            f"{rated * 1000:.0f} ms",
            "< 100 ms",
            rated < 0.1,
            "records bound, measured, priced and traced; median of 15",
        ),
        ratio("the same against NumPy", rated, computed, float("inf"), "two sorts of an array of floats, no trace"),
    ]
