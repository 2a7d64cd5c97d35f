"""The languages of explanations: English, and each that has a folder of words.

What a folder does not say is said in English; how figures and days are written is the CLDR's, by Babel, which is loaded
only where another language than English is asked for.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from ratewright.diagnostics import Diagnostic, RatewrightError, did_you_mean
from ratewright.explain.wording import language_codes
from ratewright.explain.wording.word_templates import LANGUAGES
from ratewright.values.writing import ENGLISH, Writing, written_as


@cache
def languages() -> tuple[str, ...]:
    """The names of all languages, English first."""
    return (ENGLISH.language, *sorted(folder.name for folder in LANGUAGES.iterdir() if folder.is_dir()))


def told_in(language: str) -> AbstractContextManager[None]:
    """What is told within is told in this language. Raises RatewrightError for one that there is not."""
    return written_as(_writing(language))


def _writing(language: str) -> Writing:
    if language == ENGLISH.language:
        return ENGLISH
    if language not in languages():
        raise RatewrightError([_unknown(language)])
    try:
        from ratewright.explain.wording.cldr_writing import cldr_writing
    except ModuleNotFoundError as error:
        message = f"`{language}` needs the package {error.name}, which is not installed"
        help = "pip install 'ratewright[languages]'"
        raise RatewrightError([Diagnostic(language_codes.NOT_INSTALLED, message, help=help)]) from error
    return cldr_writing(language)


def _unknown(language: str) -> Diagnostic:
    known = languages()
    base = language.replace("_", "-").casefold().split("-")[0]
    alike = [each for each in known if each.casefold().split("-")[0] == base]
    near = f"did you mean {' or '.join(f'`{each}`' for each in alike)}?" if alike else did_you_mean(language, known)
    help = f"{near + ' ' if near else ''}there are {', '.join(known)}"
    return Diagnostic(language_codes.NO_SUCH_LANGUAGE, f"there is no language `{language}`", help=help)
