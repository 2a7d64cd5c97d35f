"""Every finding about a style file, a logo and paper: its code, its title, and one sentence that explains it.

`TABLE` maps a code to (title, explanation). The codes never change their meaning.
"""

from __future__ import annotations

from ratewright.diagnostics import CodeTable

TABLE = CodeTable()
_code = TABLE.has


NOT_READABLE = _code(
    "X201", "style file or logo cannot be read", "The file does not exist, is no regular file, or is no text in UTF-8."
)
TOO_LARGE = _code("X202", "style file or logo too large", "The file is larger than the limit on files of its kind.")
WOULD_FETCH = _code(
    "X203",
    "would fetch something",
    "A page holds all that it shows: a style file or an SVG image may name `data:` only, no other file or address.",
)
NO_IMAGE = _code("X204", "no image", "A logo is a PNG, JPEG or SVG image; its content says which, not its name.")
STRANGE_SVG = _code("X205", "no plain SVG", "An SVG image is well-formed XML without a document type.")
NO_PDF = _code("X301", "cannot print PDF", "PDF needs the extra `pdf`, and the Pango library of the system.")
NO_FONT = _code(
    "X302",
    "letters that no font has",
    "A PDF shows what it says: where no font of the machine has a letter, a box would stand in its place.",
)
