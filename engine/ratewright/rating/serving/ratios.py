"""How much of a pool usage takes, where a unit of one is not a unit of the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ratewright.account.counted.pieces import Piece
from ratewright.account.counted.undecided_usage import place_of, refuse_change
from ratewright.account.settings.setting_timeline import Settings
from ratewright.formula.errors import EvaluationError
from ratewright.formula.interpreter import evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.refusal import at_record, stop
from ratewright.values.exact import Exact, exact, plain


class Ratios:
    """The ratios of a tariff's pools for pieces of usage."""

    def __init__(self, tariff: tree.Tariff, settings: Settings) -> None:
        self._tariff = tariff
        self._settings = settings
        self._any = {m for pool in tariff.pools.values() for m in pool.ratios}
        self._known: dict[tuple[str, str, tuple[tree.Value, ...]], Exact] = {}

    def of(self, piece: Piece, rank: tuple[str, ...]) -> Callable[[tree.Pool], Exact] | None:
        """What a pool of the rank takes for a base unit of a piece, to be asked when a lot's turn comes; None where
        all take the same."""
        if piece.meter not in self._any or not any(piece.meter in self._tariff.pools[name].ratios for name in rank):
            return None
        return partial(self._factor, piece)

    def _factor(self, piece: Piece, pool: tree.Pool) -> Exact:
        rule = pool.ratios.get(piece.meter)
        return 1 if rule is None else exact(self.written(pool, piece) * rule.scale)

    def written(self, pool: tree.Pool, piece: Piece) -> Exact:
        """The ratio as the rule file writes it, for a piece. Raises RatingError where it has none above 0."""
        rule = pool.ratios[piece.meter]
        if isinstance(rule.expression, tree.Constant):
            value: Exact = rule.expression.value  # type: ignore[assignment]
            return value
        given = given_in(rule.expression)
        fixed = not any(isinstance(g, tree.SettingValue) for g in given)
        key = (pool.name, piece.meter, tuple(piece.tags[name] for name in rule.tags))
        if fixed and key in self._known:
            return self._known[key]
        refuse_change(piece, rule.expression, self._settings, "the ratio")
        values = self._settings.values_at(rule.expression, piece.start, rule.expression.span)
        values |= {f"tag:{name}": piece.tags[name] for name in rule.tags}
        place = place_of(piece)
        try:
            value = evaluate(rule.expression, values)
        except EvaluationError as error:
            raise error if place is None else at_record(error, place) from error
        if value <= 0:
            raise stop(
                "A502",
                f"a ratio is more than 0, and `{rule.expression.span.text}` comes to {plain(value)} for this usage",
                place or rule.span,
                "correct the formula or the table, or leave the usage out of `covers`",
                ("the ratio", rule.span),
            )
        if fixed:
            self._known[key] = value
        return value
