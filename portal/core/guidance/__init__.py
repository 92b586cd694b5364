"""What the words of a text speak for: a category, another door, a danger."""
