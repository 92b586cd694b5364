"""What guides a resident to the right category, answer and door."""
