"""Personal data for those who answer for it: what people ask, for how long things are kept, what is held."""
