"""Why a figure is what it is: the derivation that rating records as it goes.

One node type per kind of step. A node holds the figures that were read and compared, in base units, with
the tree nodes that gave the rule; words are the explanation's business. Nothing here can hold what holds it, so the
search for circular garbage leaves all of it out (`gc=False`): there is one of most of them for each line of a bill.
"""

from __future__ import annotations

from ratewright.derivation.trace.bought import *
from ratewright.derivation.trace.contracts import *
from ratewright.derivation.trace.formulas import *
from ratewright.derivation.trace.limits import *
from ratewright.derivation.trace.lines import *
from ratewright.derivation.trace.measures import *
from ratewright.derivation.trace.prices import *
from ratewright.derivation.trace.sentences import *
from ratewright.derivation.trace.usage import *
