"""The syntax tree: what a rule file says, before any name has a meaning. Every node knows its place."""

from __future__ import annotations

from ratewright.syntax.nodes.contracts import *
from ratewright.syntax.nodes.declarations import *
from ratewright.syntax.nodes.example_statements import *
from ratewright.syntax.nodes.expressions import *
from ratewright.syntax.nodes.node import *
from ratewright.syntax.nodes.parts import *
from ratewright.syntax.nodes.sentences import *
from ratewright.syntax.nodes.statements import *
