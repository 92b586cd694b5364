"""What officers may see of people, and what they have to say for it."""
