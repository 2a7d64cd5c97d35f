"""A year of 100,000 events of one account: read, rated, twelve bills explained, in a process of its own."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from statistics import median

from benchmarks.peak_memory import peak_memory
from benchmarks.result import Result

ROOT = Path(__file__).parent.parent
EVENTS = 100_000
FIXTURE = """account: busy
activated: 2026-01-25T10:00:00+08:00
subaccounts: [busy-eu]
settings: {postpaid: on}
grants: [{grant: free_quota, size: 1000}]
purchases:
  - {id: p1, package: resource_package, size: "10,000", at: 2026-02-01T00:00:00+08:00}
  - {id: p2, package: resource_package, size: "100,000", at: 2026-06-01T00:00:00+08:00}
usage:
  - {file: events.csv, meter: image_style_transfer}
"""


def write_events(folder: Path) -> None:
    """The fixture and its CSV of 100,000 rows, the same on every run."""
    random.seed(7)
    start = datetime(2026, 2, 1, tzinfo=timezone(timedelta(hours=8)))
    with (folder / "events.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("id", "at", "quantity", "status", "channel", "subaccount"))
        for number in range(EVENTS):
            at = start + timedelta(seconds=random.randrange(364 * 86_400))
            status = "failed" if random.random() < 0.02 else "success"
            writer.writerow(
                (number, at.isoformat(), random.choice((1, 2, 4)), status, "api", random.choice(("", "busy-eu")))
            )
    (folder / "busy.yaml").write_text(FIXTURE, encoding="utf-8")


def measure() -> list[Result]:
    """Under 2 s and 300 MB."""
    rules = str(ROOT / "rules" / "tencent_hy_image.tariff")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_events(folder)
        command = [sys.executable, "-m", "ratewright", "bill", rules, str(folder / "busy.yaml")]
        command += ["--from", "2026-02", "--to", "2027-01"]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        times = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
            times.append(time.perf_counter() - start)
        _, megabytes = peak_memory(command)
    seconds = median(times)
    against = "no baseline: the whole command, start to end, median of 5"
    return [
        Result("a year of 100,000 events: time", f"{seconds:.2f} s", "< 2 s", seconds < 2, against),
        Result(
            "a year of 100,000 events: memory", f"{megabytes:.0f} MB", "< 300 MB", megabytes < 300, "peak resident set"
        ),
    ]
