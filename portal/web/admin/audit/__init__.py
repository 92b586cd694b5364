"""The audit for those who look after it: what was done, by whom, and whether each day still holds."""
