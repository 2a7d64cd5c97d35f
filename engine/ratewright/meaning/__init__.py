"""What a rule file means: immutable, typed nodes, one type per concept of the language, and ways to walk them.

Every name is found and every unit checked. Rating, explaining, checking and comparing are functions over these nodes.
`resolve` makes them.
"""
