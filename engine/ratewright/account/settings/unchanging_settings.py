"""Settings that are asked once for a period must not change inside it."""

from __future__ import annotations

from ratewright.account.settings.setting_timeline import Settings
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import given_in
from ratewright.refusal import stop
from ratewright.values.calendar import Period, moment_text


def refuse_inner_change(
    expression: tree.Expression, period: Period, settings: Settings, *, of_a_line: bool = False
) -> None:
    """Raise RatingError where a setting that the expression reads changes inside the period.

    A condition `of_a_line` is its `when`.
    """
    change = settings.first_change(expression, period.start, period.end)
    if change is None:
        return
    setting, at = change
    asks_settings_alone = all(isinstance(given, tree.SettingValue) for given in given_in(expression))
    by_day = ""
    if of_a_line and expression.type.kind is Kind.FLAG and asks_settings_alone:
        by_day = ", write `prorated by day` to bill the days on which it holds"
    raise stop(
        "A305",
        f"{setting.title} changes on {moment_text(at, settings.calendar)}, inside a period for which "
        f"`{expression.span.text}` is asked once",
        expression.span,
        f"let the setting change where a period ends{by_day}, or {_otherwise(setting, expression)}",
        ("the setting", setting.span),
    )


def _otherwise(setting: tree.Setting, expression: tree.Expression) -> str:
    if setting.type.kind is Kind.FIGURE:
        return "bring what changes as states of a meter: `integral(quantity) / length(period)`"
    if setting.type.choices and expression.type.kind is Kind.FIGURE:
        choice = setting.type.choices[-1]
        return (
            f"write a line for each {setting.name}, as `when {setting.name} == {choice}`: a fee there is "
            "`prorated by day`, and usage is asked for each record"
        )
    return "ask it in the `when` of a charge on a meter: there it is asked for each record"
