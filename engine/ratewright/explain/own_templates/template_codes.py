"""Every finding about a user's template: its code, its title, and one sentence that explains it.

`TABLE` maps a code to (title, explanation). The codes never change their meaning.
"""

from __future__ import annotations

from ratewright.diagnostics import CodeTable

TABLE = CodeTable()
_code = TABLE.has


NOT_READABLE = _code(
    "X101", "template cannot be read", "The file does not exist, is no regular file, or is not text in UTF-8."
)
TOO_LARGE = _code("X102", "template too large", "The file is larger than the limit on files that others wrote.")
NOT_WELL_FORMED = _code("X103", "not well-formed", "The text breaks the rules of Jinja at this place.")
NOT_THERE = _code(
    "X104", "value that is not there", "The template asks for a value that the explanation does not have."
)
FORBIDDEN = _code(
    "X105",
    "forbidden access",
    "A template sees only the explanation's data, never what is inside the program.",
)
OUTSIDE = _code(
    "X106", "template outside the folder", "A template may include and import only files of its own folder."
)
TOO_LONG = _code("X107", "template takes too long", "The template was stopped, for it ran longer than the limit.")
TOO_MUCH_MEMORY = _code(
    "X108", "template takes too much memory", "The template was stopped, for it took more than the limit."
)
TOO_MUCH_OUTPUT = _code(
    "X109", "template prints too much", "The template was stopped, for it printed more than the limit."
)
TOO_MUCH_AT_ONCE = _code(
    "X110", "too large a value", "A range, a power or a repeated text is larger than any explanation needs."
)
TOO_DEEP = _code("X111", "nested too deeply", "Templates, macros or expressions stand inside each other too deeply.")
FAILED = _code("X112", "template fails", "The template does something with a value that the value does not allow.")
DIED = _code("X113", "template's process ended", "The process that renders the template ended without an answer.")
