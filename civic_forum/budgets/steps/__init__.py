"""What the services of budget rounds share inside their transaction."""
