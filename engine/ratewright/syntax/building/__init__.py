"""Reductions of the grammar → nodes of the syntax tree, made while the parser runs.

One method per rule of `grammar/ratewright.lark`, under the rule's name. Keywords arrive as tokens, parts
as nodes; a node spans from its first part to its last. What a number or date has wrong in itself is
noted in `problems`, and parsing goes on. `declarations.Builder` has all of them.
"""
