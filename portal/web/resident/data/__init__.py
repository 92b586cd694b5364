"""A reporter's own data: what they agreed to, a copy of everything, putting it right, having it erased."""
