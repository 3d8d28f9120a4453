"""What the services of forums share inside their transactions."""
