"""How much a cycle of a quota holds that usage fills: its size, worked out of what meters measure in it."""

from __future__ import annotations

from ratewright.account.settings.setting_timeline import Settings
from ratewright.derivation.worked import Worked
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.quota.lots import Attributes
from ratewright.rating.lines.line_formulas import formulas_of
from ratewright.rating.measuring.measuring import Measuring
from ratewright.refusal import stop
from ratewright.values.calendar import Period, period_text
from ratewright.values.exact import Exact, plain


class FilledSizes:
    """The sizes of one account's cycles, by what is measured in them."""

    def __init__(self, settings: Settings, measuring: Measuring) -> None:
        self._settings = settings
        self._measuring = measuring

    def size(self, pool: tree.Pool, period: Period, attributes: Attributes) -> Worked:
        """How the size of a cycle came about, for the usage that its lot is for. Raises RatingError, also for one
        below 0 and for a setting that changes inside the cycle."""
        assert pool.size is not None
        keys = dict(attributes)
        values: dict[str, object] = {f"tag:{name}": value for name, value in attributes}
        for given in given_in(pool.size):
            if isinstance(given, tree.Measured):
                values[given.key] = self._measuring.of_period(given.name, period, keys)
        formulas = formulas_of(self._settings, period, period.start, values)
        worked = formulas.ask(pool.size).how
        assert worked is not None
        size: Exact = worked.value
        if size < 0:
            raise stop(
                "A501",
                f"the size of {pool.title} comes out below 0 in {period_text(period, self._settings.calendar)}: "
                f"{plain(size)}",
                pool.size.span,
                "say what holds then: `max(…, 0 …)` with the unit",
            )
        return worked
