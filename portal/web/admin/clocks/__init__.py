"""Other clocks than the category's, and whom a broken one is told to."""
