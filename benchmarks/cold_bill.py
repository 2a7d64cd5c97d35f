"""A bill from the command line, from start to end, against importing the libraries it stands on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.result import Result, ratio, side_by_side

ROOT = Path(__file__).parent.parent
SCRIPT = Path(sys.executable).with_name("ratewright")
BILL = [
    *([str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-m", "ratewright"]),
    "bill",
    str(ROOT / "rules" / "tencent_hy_image.tariff"),
    str(ROOT / "rules" / "fixtures" / "acme.yaml"),
    "--period",
    "2026-03",
]
IMPORTS = [sys.executable, "-c", "import lark, pydantic, jinja2"]


def measure() -> list[Result]:
    """At most 2.5 times the bare imports."""

    # Where bytecode may not be written, a checkout would be compiled anew at each start, as no installation is.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run(command: list[str]) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)

    run(BILL)
    run(IMPORTS)
    bill, imports = side_by_side(lambda: run(BILL), lambda: run(IMPORTS), 15)
    return [ratio("cold `ratewright bill`", bill, imports, 2.5, 'python -c "import lark, pydantic, jinja2"')]
