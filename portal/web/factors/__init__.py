"""What the sign-in pages and a person's own pages share: asking for a second factor, a key, or a provider's word."""
