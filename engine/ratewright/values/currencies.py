"""Which currencies ISO 4217 knows, and their minor units, written down from the package `iso4217`.

That package reads the standard's XML each time it is imported, a twentieth of a whole bill's time. So what
is needed of it stands in `_currencies.py`: `python -m ratewright.values.currencies` writes that file, and
with `--check` says whether it is the package's. The package itself is needed by developers only.
"""

from __future__ import annotations

import sys
from pathlib import Path

_WRITTEN = Path(__file__).with_name("_currencies.py")


def currencies_text() -> str:
    """The text of `_currencies.py` for the installed `iso4217`."""
    import iso4217

    digits = {str(c.value): int(c.exponent or 0) for c in iso4217.Currency}
    rows = "".join(f'    "{code}": {digits[code]},\n' for code in sorted(digits))
    return (
        '"""ISO 4217: the decimals of each currency. Written by ratewright.values.currencies; not edited."""\n\n'
        f'PUBLISHED = "{iso4217.__published__}"\n\n'
        f"MINOR_DIGITS = {{\n{rows}}}\n"
    )


def main(arguments: list[str]) -> int:
    """Write the file, or check it. Returns the exit code."""
    text = currencies_text()
    if "--check" in arguments:
        fresh = _WRITTEN.is_file() and _WRITTEN.read_text(encoding="utf-8") == text
        print(
            "currencies: the standard's" if fresh else "currencies: stale; run python -m ratewright.values.currencies"
        )
        return 0 if fresh else 1
    _WRITTEN.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
