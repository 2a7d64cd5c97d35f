"""Records priced alone by a formula of several fields, against the same formula in a meter: 50,000 of them from CSV."""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.result import Result, ratio

RECORDS = 50_000
ROUNDS = 3
HEAD = 'tariff t "T" { currency USD; timezone "UTC" }\nunit call, calls\n'
FIELDS = "field units number; field size number; field kind one of a, b"
ALONE = f"""{HEAD}meter asked {{ {FIELDS}; by units, size; measure count() in calls }}
charge c {{ on asked; every record; amount max(units * 0.01 USD, size / 1000 * 0.002 USD) + 0.001 USD }}
"""
IN_A_METER = f"""{HEAD}meter asked {{
  {FIELDS}
  measure sum(max(units * 0.01 calls, size / 1000 * 0.002 calls) + 0.001 calls) in calls
}}
charge c {{ on asked; every month; rate 1 USD/call }}
"""
FIXTURE = "account: acme\nusage: [{file: records.csv, meter: asked}]\n"


def measure() -> list[Result]:
    """At most twice as long, from the shell, start to end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder)
        alone, together = [], []
        for _ in range(ROUNDS):
            alone.append(_bill(folder, ALONE))
            together.append(_bill(folder, IN_A_METER))
    title = f"{RECORDS:,} records priced alone, time of the processor"
    return [ratio(title, median(alone), median(together), 2, "the same formula in a meter")]


def _write(folder: Path) -> None:
    """The fixture and its CSV, the same on every run."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    with (folder / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("id", "at", "quantity", "units", "size", "kind"))
        for number in range(RECORDS):
            at = (start + timedelta(seconds=number * 50)).isoformat()
            writer.writerow((number, at, 1, number % 17 + 1, number * 7_919 % 100_000, "ab"[number % 2]))
    (folder / "acme.yaml").write_text(FIXTURE, encoding="utf-8")


def _bill(folder: Path, rules: str) -> float:
    """The seconds of the processor that a bill takes."""
    (folder / "records.tariff").write_text(rules, encoding="utf-8")
    command = [sys.executable, "-m", "ratewright", "bill", "records.tariff", "acme.yaml", "--period", "2026-03"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, capture_output=True, cwd=folder, env=environment)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
