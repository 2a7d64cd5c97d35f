"""Every finding of the command line itself: its code, its title, and one sentence that explains it.

`TABLE` maps a code to (title, explanation). The codes never change their meaning.
"""

from __future__ import annotations

from ratewright.diagnostics import CodeTable

TABLE = CodeTable()
_code = TABLE.has


NOT_READABLE = _code("L101", "cannot be read", "The file or folder does not exist, or may not be opened.")
NOTHING_THERE = _code("L102", "nothing to do", "The folders hold no file of the kind that the command reads.")
OTHER_KIND = _code("L103", "another kind of file", "The command does not read files of this kind.")
NOT_WRITABLE = _code("L104", "cannot be written", "The place for the output is missing or not allowed.")
OVER_INPUT = _code("L105", "output over input", "The output would replace a file that the command reads.")
ALREADY_THERE = _code("L106", "already there", "The command never overwrites a file it did not make.")
CANNOT_FORMAT = _code(
    "L107", "cannot be formatted", "The canonical form would lose something: the order of comments in a table."
)

NO_TARIFF = _code("L201", "no price list named", "A fixture that is tested names its price list in `tariff`.")
NO_SUCH_TARIFF = _code("L202", "no such price list", "No rule file at hand holds the price list named.")
TWO_TARIFFS = _code("L203", "price list found twice", "Two rule files hold a price list of the name.")
NOTHING_EXPECTED = _code("L204", "nothing expected", "A fixture that is tested says what it expects.")
OTHER_TARIFF = _code("L205", "another price list", "The fixture was written for another price list.")

SEVERAL_TARIFFS = _code(
    "L206", "not one price list", "A folder that is billed by holds the versions of one price list."
)

NO_SUCH_ACCOUNT = _code("L301", "no such account", "The usage file has no account of this name.")
ONE_ACCOUNT = _code("L302", "one account at a time", "An HTML page is about one account.")
