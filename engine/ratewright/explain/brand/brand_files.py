"""The files of a brand: a style sheet behind ours, and a logo inside the page. Neither fetches anything, nor runs.

In: the paths of two files. Out: a `Brand`, or a diagnostic of `brand_codes`. A logo is told by its content: PNG and
JPEG by their first bytes (PNG specification, 5.2; JPEG, ITU-T T.81, B.1.1.3), SVG by its root. It is shown as an image,
in which no script runs.
"""

from __future__ import annotations

import base64
from pathlib import Path
from xml.parsers import expat

from ratewright.diagnostics import Diagnostic, RatewrightError, Source, Span
from ratewright.explain.brand import brand_codes
from ratewright.explain.brand.brand import Brand
from ratewright.explain.brand.style_sheet import fetches
from ratewright.limits import DEFAULT, Limits
from ratewright.reading import FilesRead, read_regular

_FIRST_BYTES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_SVG = "http://www.w3.org/2000/svg"


def read_brand(
    style: str | Path | None = None,
    logo: str | Path | None = None,
    limits: Limits = DEFAULT,
    files: FilesRead | None = None,
) -> Brand:
    """The two files as they stand in a page; what is read is noted in `files`. Raises RatewrightError."""
    return Brand(
        "" if style is None else _style(str(style), limits, files),
        "" if logo is None else _logo(str(logo), limits, files),
    )


def _style(path: str, limits: Limits, files: FilesRead | None) -> str:
    data = _read(path, "style file", limits.rule_file_bytes, "--max-rule-bytes", files)
    text = _text(data, path, "save the style file as UTF-8")
    source = Source(path, text)
    found = [
        Diagnostic(
            brand_codes.WOULD_FETCH,
            f"`{what}` would fetch something, and a page fetches nothing",
            Span(source, offset, offset + 1),
            "write the styles into this file, and images and fonts as `data:` addresses",
        )
        for offset, what in fetches(text)
    ]
    if found:
        raise RatewrightError(found)
    return text.replace("</", "<\\/")  # in a text of CSS the same, and no end of the page's style


def _logo(path: str, limits: Limits, files: FilesRead | None) -> str:
    data = _read(path, "logo", limits.logo_bytes, "--max-logo-bytes", files)
    kind = next((kind for start, kind in _FIRST_BYTES if data.startswith(start)), "")
    if not kind:
        _require_svg(data, path)
        kind = "image/svg+xml"
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def _read(path: str, what: str, most: int, flag: str, files: FilesRead | None) -> bytes:
    try:
        data = read_regular(path, most)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise _refused(
            brand_codes.NOT_READABLE, path, f"cannot read the {what} `{path}`: {reason}", f"give the path of a {what}"
        ) from error
    if files is not None:
        files.note(path)
    if len(data) > most:
        raise _refused(
            brand_codes.TOO_LARGE,
            path,
            f"the {what} has more than {most:,} bytes",
            f"make it smaller, or raise the limit with {flag}",
        )
    return data


def _text(data: bytes, path: str, help: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"`{path}` is not text in UTF-8: byte {error.start + 1:,} does not belong"
        raise _refused(brand_codes.NOT_READABLE, path, message, help) from error


def _require_svg(data: bytes, path: str) -> None:
    """Refuse what is no image of the kinds that there are, and an SVG image that brings a document type or fetches."""
    no_image = _refused(
        brand_codes.NO_IMAGE, path, f"`{path}` is no PNG, JPEG or SVG image", "save the logo as one of these"
    )
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise no_image
    names: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        names[:] = names or [name]
        for attribute, value in attributes.items():
            leads = attribute.rpartition(" ")[2] in ("href", "src") and name != f"{_SVG} a"
            if leads and not value.strip().startswith(("data:", "#")):
                raise _fetching(path, f'{attribute.rpartition(" ")[2]}="{value[:60]}"')
            if next(fetches(value), None) is not None:
                raise _fetching(path, value[:60])

    def text(value: str) -> None:
        if next((what for _, what in fetches(value)), None) is not None:
            raise _fetching(path, next(what for _, what in fetches(value)))

    def doctype(*_: object) -> None:
        raise _refused(
            brand_codes.STRANGE_SVG,
            path,
            f"`{path}` has a document type, which may name other files",
            "delete `<!DOCTYPE …>` from the image",
        )

    def instruction(target: str, value: str) -> None:
        if target == "xml-stylesheet":
            raise _fetching(path, value[:60])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        message = f"`{path}` is no well-formed SVG image: line {error.lineno}, {expat.ErrorString(error.code)}"
        raise _refused(brand_codes.STRANGE_SVG, path, message, "save it as an SVG image anew") from error
    if names != [f"{_SVG} svg"]:
        raise no_image


def _fetching(path: str, what: str) -> RatewrightError:
    message = f"the logo `{path}` would fetch something: `{what}`"
    return _refused(brand_codes.WOULD_FETCH, path, message, "save the image with what it shows inside it")


def _refused(code: str, path: str, message: str, help: str) -> RatewrightError:
    return RatewrightError([Diagnostic(code, message, help=help, file=path)])
