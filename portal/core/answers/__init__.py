"""The words of a public answer: how like earlier ones it is, what a template puts into it, how long it is as SMS."""
