"""What a committee has to talk about at a date, drawn from records and findings."""
