"""What a period brought → its bill: sums, what became of each meter, limit and pool, and the laws of conservation."""
