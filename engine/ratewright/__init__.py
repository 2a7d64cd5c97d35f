"""ratewright: price lists as rule files, bills with the reason of every figure.

    import ratewright

    tariff = ratewright.load("rules/tencent_hy_image.tariff")
    usage = ratewright.read_usage("acme.yaml")
    bill = tariff.bill(usage, period="2026-03")
    bill.total, bill.lines, bill.explain("text")

Input that cannot be used raises `RatewrightError`, which carries the diagnostics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ratewright.api import Bill, Comparison, Line, Statement, Tariff, Usage, load, load_versions, loads, read_usage
    from ratewright.diagnostics import Diagnostic, RatewrightError

__all__ = [
    "Bill",
    "Comparison",
    "Diagnostic",
    "Line",
    "RatewrightError",
    "Statement",
    "Tariff",
    "Usage",
    "__version__",
    "load",
    "load_versions",
    "loads",
    "read_usage",
]

_ELSEWHERE = {"Diagnostic": "ratewright.diagnostics", "RatewrightError": "ratewright.diagnostics"}


def __getattr__(name: str) -> Any:
    """Import on first use: `import ratewright` alone costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("ratewright")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_ELSEWHERE.get(name, "ratewright.api")), name)
