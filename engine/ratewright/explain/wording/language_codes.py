"""Every finding about the language of an explanation: its code, its title, and one sentence that explains it.

`TABLE` maps a code to (title, explanation). The codes never change their meaning.
"""

from __future__ import annotations

from ratewright.diagnostics import CodeTable

TABLE = CodeTable()
_code = TABLE.has


NO_SUCH_LANGUAGE = _code("X401", "no such language", "Explanations have no words in a language of this name.")
NOT_INSTALLED = _code(
    "X402", "language not installed", "Other languages than English need a package that is installed when asked for."
)
