"""The nodes of the evaluation tree. Every node is immutable and knows where the rule file says it.

Figures inside are exact numbers in base units (`values.units`); units and texts are kept beside them for
the explanation.
"""

from __future__ import annotations

from ratewright.meaning.nodes.aggregations import *
from ratewright.meaning.nodes.differences import *
from ratewright.meaning.nodes.formulas import *
from ratewright.meaning.nodes.given import *
from ratewright.meaning.nodes.lines import *
from ratewright.meaning.nodes.meters import *
from ratewright.meaning.nodes.node import *
from ratewright.meaning.nodes.pools import *
from ratewright.meaning.nodes.price_list import *
from ratewright.meaning.nodes.prices import *
from ratewright.meaning.nodes.sentences import *
from ratewright.meaning.nodes.tables import *
