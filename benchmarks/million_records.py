"""A million records in a YAML and in a JSON fixture, against the same in a CSV file: peak memory, and time."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import chain
from pathlib import Path

from benchmarks.peak_memory import peak_memory
from benchmarks.result import Result, ratio

RECORDS = 1_000_000
MEGABYTES = 600
_READ = """
import sys, time
from msgspec.structs import replace
from ratewright.limits import DEFAULT
from ratewright.usage import read
start = time.process_time()
usage, diagnostics = read(sys.argv[1], limits=replace(DEFAULT, fixture_bytes=2**30))
assert usage is not None and len(usage.records) == int(sys.argv[2]), diagnostics
print(time.process_time() - start)
"""


def records() -> Iterator[tuple[str, int, str]]:
    """When, how much and with which result, the same on every run."""
    chosen = random.Random(7)
    start = datetime(2026, 2, 1, tzinfo=timezone(timedelta(hours=8)))
    for _ in range(RECORDS):
        at = (start + timedelta(seconds=chosen.randrange(364 * 86_400))).isoformat()
        yield at, chosen.choice((1, 2, 4)), "failed" if chosen.random() < 0.02 else "ok"


def write_fixtures(folder: Path) -> dict[str, Path]:
    """The records as YAML, as JSON, and as CSV with the fixture that names it. Returns the fixture of each."""
    fixtures = {name: folder / file for name, file in (("YAML", "y.yaml"), ("JSON", "j.json"), ("CSV", "c.yaml"))}
    with fixtures["YAML"].open("w") as stream:
        lines = (f"- {{meter: m, at: {at}, quantity: {n}, s: {s}}}\n" for at, n, s in records())
        stream.writelines(chain(["account: busy\n", "usage:\n"], lines))
    with fixtures["JSON"].open("w") as stream:
        stream.write('{"account": "busy", "usage": [\n')
        parts = (json.dumps({"meter": "m", "at": at, "quantity": n, "s": s}) for at, n, s in records())
        stream.writelines(chain([next(parts)], (f",\n{part}" for part in parts), ["]}\n"]))
    fixtures["CSV"].write_text("account: busy\nusage: [{file: c.csv, meter: m}]\n")
    with (folder / "c.csv").open("w") as stream:
        stream.writelines(chain(["at,quantity,s\n"], (f"{at},{n},{s}\n" for at, n, s in records())))
    return fixtures


def measure() -> list[Result]:
    """Each under 600 MB."""
    with tempfile.TemporaryDirectory() as name:
        fixtures = write_fixtures(Path(name))
        taken = {format: _read(fixture) for format, fixture in fixtures.items()}
    csv, _ = taken["CSV"]
    results = []
    for format in ("YAML", "JSON"):
        seconds, megabytes = taken[format]
        title = f"a million records in {format}"
        most = f"< {MEGABYTES} MB"
        against = f"peak resident set; from a CSV file {taken['CSV'][1]:.0f} MB"
        results.append(Result(f"{title}: memory", f"{megabytes:.0f} MB", most, megabytes < MEGABYTES, against))
        results.append(ratio(f"{title}: time", seconds, csv, float("inf"), "from a CSV file, time of the processor"))
    return results


def _read(fixture: Path) -> tuple[float, float]:
    """The seconds of the processor and the megabytes that a process needs to read the fixture."""
    command = [sys.executable, "-c", _READ, str(fixture), str(RECORDS)]
    printed, megabytes = peak_memory(command)
    return float(printed), megabytes
