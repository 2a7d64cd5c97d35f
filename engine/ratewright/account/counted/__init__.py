"""Records bound to the meters of a price list: pieces of usage, or records kept for a measure of a whole period."""
