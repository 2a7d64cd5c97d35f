"""The figures of an explanation in another language as English writes them, so that equations can be asked again."""

from __future__ import annotations

import re

UNITS = {
    "de": {
        "Sekunde": "second",
        "Sekunden": "seconds",
        "Minute": "minute",
        "Minuten": "minutes",
        "Stunde": "hour",
        "Stunden": "hours",
        "Tag": "day",
        "Tage": "days",
        "Tagen": "days",
        "Woche": "week",
        "Wochen": "weeks",
        "Monat": "month",
        "Monate": "months",
        "Quartal": "quarter",
        "Quartale": "quarters",
        "Jahr": "year",
        "Jahre": "years",
    },
    "zh-Hans": {
        "秒钟": "second",
        "分钟": "minute",
        "小时": "hour",
        "天": "day",
        "周": "week",
        "个月": "month",
        "个季度": "quarter",
        "年": "year",
    },
}
DAYS = {
    "de": re.compile(r"\b\d\d\.\d\d\.\d{4}\b(?: \d\d:\d\d(?::\d\d)?)?"),
    "zh-Hans": re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?(?: \d\d:\d\d(?::\d\d)?)?"),
}
A_DAY = "2026-01-01"
WORDS = {
    "de": (
        (r"(?<=\d) %", "%"),
        (r"(?<=%) von (?=[\d(-])", " of "),
        ("je angefangene", "per started"),
        ("kaufmännisch gerundet (?=\\()", "round half up "),
        ("aufgerundet (?=\\()", "round up "),
        ("abgerundet (?=\\()", "round down "),
        (r"(?<=\)) auf (?=\d)", " to "),
        (", das heißt ", ", that is "),
        (" und ", " and "),
        (" für ", " for "),
    ),
    "zh-Hans": (
        ("（每起算 ([^）]*)）", r" per started \1"),
        ("：", ": "),
        ("[，；]", ", "),
        ("（", " ("),
        ("）", ")"),
        ("、", " and "),
        ("向上取整 ?(?=\\()", "round up "),
        ("向下取整 ?(?=\\()", "round down "),
        ("四舍五入 ?(?=\\()", "round half up "),
        (r"(?<=\)) 至 (?=\d)", " to "),
        (", 即 ", ", that is "),
        (r"\b([A-Z]{3}) (\d+(?:,\d{3})*(?:\.\d+)?…?)", r"\2 \1"),
    ),
}


def in_english(text: str, language: str) -> str:
    """The text with its figures, units of time and the words of its arithmetic in English; the rest is as it was."""
    text = re.sub("„[^“]*“" if language == "de" else "“[^”]*”", "", text)
    text = DAYS[language].sub(A_DAY, text)
    if language == "de":
        text = re.sub(r"\d+(?:\.\d{3})*(?:,\d+)?", lambda found: found[0].translate(str.maketrans(".,", ",.")), text)
    for pattern, english in WORDS[language]:
        text = re.sub(pattern, english, text)
    for unit, english in UNITS[language].items():
        if language == "de":
            text = re.sub(rf"\b{unit}\b", english, text)
        else:
            text = re.sub(rf"(?<=[\d…]){unit}", f" {english}", text)
            text = re.sub(rf"(?<=[/×]){unit}|(?<=[/×] ){unit}", english, text)
    return text
