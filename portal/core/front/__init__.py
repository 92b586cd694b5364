"""What may come in and go out: how often somebody may do something, and what must not slip into a table or a letter."""
