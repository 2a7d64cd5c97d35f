"""What an author probably meant: words, signs and numbers of other systems, as data, with what is written here.

In: where the parser stopped, or a name that means nothing. Out: the remedy of a message. Knows no tree and no list.
"""
