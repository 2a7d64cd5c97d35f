"""How hard Hypothesis tries: moderately by default, and without chance in CI.

`--hypothesis-profile=ci` chooses the latter, as does the environment that CI systems set.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
