"""What people do with polls: one module for each kind of use-case."""
