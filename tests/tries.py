"""How many random cases a test tries: fewer in a plain run, all of them in the build, more when somebody explores."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

IN_THE_BUILD = 60
"""Tries of a test that does not say how many, and the measure of those that do."""


def tries(count: int, **more: Any) -> settings:
    """For a test that is dearer or cheaper than others: `count` tries in the build, and elsewhere in proportion."""
    return settings(max_examples=max(1, count * settings.default.max_examples // IN_THE_BUILD), **more)
