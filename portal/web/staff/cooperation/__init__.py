"""Officers about one ticket: tasks between units, and colleagues whom a note names."""
