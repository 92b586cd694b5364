"""Where areas lie: their boundaries, which of them surrounds a place, and measures on the globe."""
