"""The evaluation tree: what a rule file means.

In: the syntax tree. Out: a `Tariff` of immutable, typed nodes, one type per concept of the language, in
which every name is found and every unit checked, or diagnostics that say why not. Rating, explaining,
checking and comparing are functions over these nodes. `resolve` is the way in.
"""
