"""What was given and bought in advance, as rows: what a pool paid of a meter, what became of a pool of money."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.derivation import trace
from ratewright.derivation.contract_marks import marks_of
from ratewright.explain.document import Detail, Figure, Note, Row, Section, Table
from ratewright.explain.rows.line_rows import money, rule_notes
from ratewright.explain.rows.row_tables import tabled
from ratewright.explain.rows.row_values import LotOf
from ratewright.explain.wording.names_in_place import of_pool
from ratewright.explain.wording.own_sentences import pool_sentence
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import marked, phrase, sentences
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill

_LOTS_SHOWN = 10


def source_row(source: trace.SourceTrace, say: Phrases, detail: Detail) -> tuple[Row, tuple[Table, ...]]:
    """What a pool covered of a meter; of many lots alike the tables."""
    own = of_pool(source.pool, say)
    notes = pool_sentence(source.pool, source.lots, source.taken, say, detail) if source.lots else []
    notes += sentences("why", "source", "normal", source, own)
    notes += sentences("why", "source", "ratios", source, say)
    notes += [
        note for lot in source.lots if lot.filled for note in sentences("why", "lot", "filled", lot, source.pool, say)
    ]
    notes += _withdrawn_notes(source.pool, source.lots, say)
    told, tables = _lot_notes(source.pool, source.lots, say, detail)
    notes += told
    notes += contract_notes(source.pool, say)
    if detail == "full":
        notes += sentences("more", "source", "full", source, say)
        notes += rule_notes(source.pool.cite, source.pool.span, say)
    row = Row(
        "source",
        source.pool.name,
        say.title(source.pool),
        Figure(source.covered, source.unit, say.quantity(source.covered, source.unit)),
        phrase("source", "row", source, say),
        money(0, 0, say),
        tuple(dict.fromkeys(notes)),
        source,
    )
    return row, tables


def contract_notes(pool: tree.Pool, say: Phrases) -> list[Note]:
    """What a contract makes of a quota, but for the prices of sizes, which stand with what was bought; what lots were
    given before it they keep."""
    under = say.tariff.contract
    own = say.tariff.pools[pool.name]
    sizes = [place for row in own.sizes for place in row.places]
    sizes += [place for row in own.ranges for place in (row.bound.span, *row.places)]
    sold = marks_of(say.tariff).among(sizes)
    changes = [c for c in under.changes if c.name == pool.name and c not in sold] if under is not None else []
    return sentences("why", "contract", "pool", changes, say)


def fund_sections(bill: Bill, say: Phrases, detail: Detail) -> list[Section]:
    """What became of pools of money: where something lapsed or was withdrawn, and for the full length of all."""
    rows: list[Row] = []
    tables: list[Table] = []
    for fund in bill.funds:
        if detail != "full" and not any(lot.lapsed or lot.withdrawals for lot in fund.lots):
            continue
        notes, of_lots = _fund_notes(fund, say, detail)
        how = phrase("fund", "row", fund, say)
        rows.append(Row("fund", fund.pool.name, say.title(fund.pool), None, how, None, tuple(notes), fund))
        tables += of_lots
    title = phrase("section", "funds")
    return [Section("funds", "", title, rows=tuple(rows), tables=tuple(tables))] if rows else []


def _fund_notes(fund: trace.FundTrace, say: Phrases, detail: Detail) -> tuple[list[Note], tuple[Table, ...]]:
    told, tables = _lot_notes(fund.pool, fund.lots, say, detail)
    notes = [*_withdrawn_notes(fund.pool, fund.lots, say), *told, *contract_notes(fund.pool, say)]
    return notes + (rule_notes(fund.pool.cite, fund.pool.span, say) if detail == "full" else []), tables


def _withdrawn_notes(pool: tree.Pool, lots: Sequence[trace.LotTrace], say: Phrases) -> list[Note]:
    """What was taken back, and why: of several lots with their names."""
    told = [(lot, each) for lot in lots for each in lot.withdrawals]
    named = len(lots) > 1
    notes = [
        note for of in told[:_LOTS_SHOWN] for note in sentences("why", "withdrawn", "normal", *of, pool, named, say)
    ]
    if len(told) > _LOTS_SHOWN:
        notes += sentences("why", "withdrawn", "more", len(told) - _LOTS_SHOWN, say)
    return notes


def _lot_notes(
    pool: tree.Pool, lots: Sequence[trace.LotTrace], say: Phrases, detail: Detail
) -> tuple[list[Note], tuple[Table, ...]]:
    """Each lot: for the full length all of them, else those of several that did anything, those that did alike in
    tables; and the shares of days."""
    cut = [note for lot in lots if lot.cut is not None for note in sentences("why", "lot", "cut", lot, pool, say)]
    full = detail == "full"
    told = lots if full else [lot for lot in lots if _worth_telling(lot, pool)] if len(lots) > 1 else []
    with marked():
        rows = [
            Row(
                "lot", pool.name, say.title(pool), notes=tuple(_lot_note(lot, pool, say, detail)), node=LotOf(pool, lot)
            )
            for lot in told
        ]
    made = tabled(rows, say, detail)
    shown = made.rows if full else made.rows[:_LOTS_SHOWN]
    notes = cut + [note for row in shown for note in row.notes]
    if len(made.rows) > len(shown):
        notes += sentences("why", "source", "more", len(made.rows) - len(shown), say)
    return notes, made.tables


def _lot_note(lot: trace.LotTrace, pool: tree.Pool, say: Phrases, detail: Detail) -> list[Note]:
    shared = len(say.drawing_from(pool)) > 1
    return sentences(*("more", "lot", "full") if detail == "full" else ("why", "lot", "normal"), lot, pool, shared, say)


def _worth_telling(lot: trace.LotTrace, pool: tree.Pool) -> bool:
    """Whether a lot did anything; a cycle of usage that just went by did not."""
    if pool.renews is not None and pool.covers:
        moved = lot.withdrawals or lot.repaid
        return bool(lot.drawn or lot.remaining or lot.waiting or lot.rolled or moved)
    return bool(lot.drawn or lot.remaining or lot.waiting or lot.lapsed or lot.refunded or lot.withdrawals)
