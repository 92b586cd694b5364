"""Personal data: what a text must not show, what consent is asked for, what the law wants within how long."""
