"""What an account has and asked for: lots from grants, purchases and pasted balances, extensions, refunds, pauses."""
