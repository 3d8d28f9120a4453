"""From the close to the published result."""
