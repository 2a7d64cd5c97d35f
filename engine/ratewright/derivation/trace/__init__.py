"""Why a figure is what it is: the derivation that rating records as it goes.

One node type per kind of step. A node holds the figures that were read and compared, in base units, with
the tree nodes that gave the rule; words are the explanation's business. Nothing here can hold what holds it, so the
search for circular garbage leaves all of it out (`gc=False`): there is one of most of them for each line of a bill.
"""

from __future__ import annotations

from ratewright.derivation.trace.bought import ExtensionTrace, PauseTrace, PurchaseTrace, RefundTrace, RuleTried
from ratewright.derivation.trace.formulas import Arithmetic, ConditionTrace, Reading
from ratewright.derivation.trace.limits import CapacityStep, LimitTrace, Remedy
from ratewright.derivation.trace.lines import (
    AwayTrace,
    ChargeTrace,
    CorrectionTrace,
    LateRecord,
    NothingTrace,
    PaymentTrace,
    ShareTrace,
)
from ratewright.derivation.trace.measures import (
    DistinctTrace,
    Label,
    LevelsTrace,
    MeasureTrace,
    SampleTrace,
    SeveralTrace,
    StepTrace,
    TakenTrace,
)
from ratewright.derivation.trace.prices import (
    AppliedTrace,
    BoundTrace,
    FormulaTrace,
    GraduatedTrace,
    NextRowTrace,
    PriceTrace,
    ProrationTrace,
    RateTrace,
    RoundingTrace,
    TermTrace,
    TierTrace,
    UnusedTrace,
    VolumeTrace,
)
from ratewright.derivation.trace.usage import (
    Excluded,
    FundTrace,
    LotTrace,
    MadeTrace,
    MeterTrace,
    RatioTrace,
    SourceTrace,
    UnservedTrace,
)

__all__ = [
    "AppliedTrace",
    "Arithmetic",
    "AwayTrace",
    "BoundTrace",
    "CapacityStep",
    "ChargeTrace",
    "ConditionTrace",
    "CorrectionTrace",
    "DistinctTrace",
    "Excluded",
    "ExtensionTrace",
    "FormulaTrace",
    "FundTrace",
    "GraduatedTrace",
    "Label",
    "LateRecord",
    "LevelsTrace",
    "LimitTrace",
    "LotTrace",
    "MadeTrace",
    "MeasureTrace",
    "MeterTrace",
    "NextRowTrace",
    "NothingTrace",
    "PauseTrace",
    "PaymentTrace",
    "PriceTrace",
    "ProrationTrace",
    "PurchaseTrace",
    "RateTrace",
    "RatioTrace",
    "Reading",
    "RefundTrace",
    "Remedy",
    "RoundingTrace",
    "RuleTried",
    "SampleTrace",
    "SeveralTrace",
    "ShareTrace",
    "SourceTrace",
    "StepTrace",
    "TakenTrace",
    "TermTrace",
    "TierTrace",
    "UnservedTrace",
    "UnusedTrace",
    "VolumeTrace",
]
