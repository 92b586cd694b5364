"""What is known of people, and who may know it."""
