"""The same trouble told more than once: reports merged into one, and what comes back after it was said to be done."""
