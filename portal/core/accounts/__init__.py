"""What is decided about accounts: by what people show who they are."""
