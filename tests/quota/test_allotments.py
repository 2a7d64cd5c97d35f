"""Grants with a scope: what each kind of usage is given, once."""

from __future__ import annotations

from ratewright.quota.allotments import Allotments
from ratewright.quota.lots import Attributes, Lot
from ratewright.values.lot_names import LotName
from tests.rating.accounts import tariff

RULES = tariff(
    """
    meter m { field region one of EU, US, CN; field plan one of a, b; measure sum(quantity) in calls }
    grant free { covers m; scope region, plan; size 10 calls }
    deduct m from free
    """
)
POOL = RULES.pools["free"]


def issued(made: list[Attributes]):
    def issue(attributes: Attributes) -> Lot | None:
        made.append(attributes)
        if dict(attributes)["region"] == "CN":
            return None
        name = LotName(f"free[{', '.join(str(value) for _, value in attributes)}]")
        return Lot(name=name, pool=POOL, size=10, remaining=10, starts=None, expires=None, attributes=attributes)

    return issue


def tags(region: str, plan: str = "a") -> dict[str, str]:
    return {"region": region, "plan": plan, "other": "x"}


def test_each_kind_of_usage_gets_one_lot():
    asked: list[Attributes] = []
    allotments = Allotments(POOL, issued(asked))
    for met in (tags("EU"), tags("US"), tags("EU"), tags("EU", "b")):
        allotments.meet(met)
    assert [lot.id for lot in allotments.made] == ["free[EU, a]", "free[US, a]", "free[EU, b]"]
    assert len(asked) == 3


def test_where_nothing_is_given_it_is_asked_once():
    asked: list[Attributes] = []
    allotments = Allotments(POOL, issued(asked))
    allotments.meet(tags("CN"))
    allotments.meet(tags("CN"))
    assert (allotments.made, len(asked)) == ([], 1)


def test_usage_that_does_not_say_all_of_it_is_given_nothing():
    asked: list[Attributes] = []
    allotments = Allotments(POOL, issued(asked))
    allotments.meet({"region": "EU"})
    assert (allotments.made, asked) == ([], [])


def test_what_a_balance_tells_of_is_not_given_again():
    asked: list[Attributes] = []
    allotments = Allotments(POOL, issued(asked))
    attributes: Attributes = (("region", "EU"), ("plan", "a"))
    held = issued([])(attributes)
    allotments.put(attributes, held)
    allotments.meet(tags("EU"))
    assert allotments.of(attributes) is held
    assert (allotments.made, asked) == ([held], [])
