"""What a rule file means: immutable, typed nodes, one type per concept of the language, and ways to walk them.

In: nothing; `resolve` makes the nodes, with every name found and every unit checked. Out: what rating, explaining,
checking and comparing are functions over, so that a construct means one thing to all of them.
"""
