"""Syntax tree → what it means: every name found, every unit checked, or diagnostics that say why not.

In: the syntax tree. Out: a `meaning.nodes.Tariff`. `rule_file.resolve` is the way in.
"""
