"""Contracts: from a list and the files that say what differs from it to what holds for one account, and when.

In: the versions of a price list, and contracts as they were read. Out: the lists that hold in turn, each a tree like
any other, with what each line would be without the contract. A contract is a delta of the syntax tree: what it puts
there is resolved, checked and billed as if it stood in the list, and every message speaks of its own words.
"""
