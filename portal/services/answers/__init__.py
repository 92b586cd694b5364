"""Public answers: whether one repeats an earlier one, and the templates that they may begin with."""
