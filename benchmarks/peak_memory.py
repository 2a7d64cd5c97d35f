"""The peak memory of a command, apart from that of the process which asks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

# A new process starts with the peak of the one that made it, so a small one stands between.
_ASK = """
import resource, subprocess, sys
sys.stdout.write(subprocess.run(sys.argv[1:], check=True, capture_output=True, text=True).stdout)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def peak_memory(command: Sequence[str]) -> tuple[str, float]:
    """What the command prints, and the megabytes that it had at most."""
    done = subprocess.run([sys.executable, "-c", _ASK, *command], check=True, capture_output=True, text=True)
    *printed, megabytes = done.stdout.splitlines()
    return "\n".join(printed), float(megabytes)
