"""Static checks: what is legal in a rule file and still likely wrong. One check a file, in one list."""
