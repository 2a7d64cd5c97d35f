"""What a bill or a comparison has, as rows with their reasons; many of one reason as a table."""
