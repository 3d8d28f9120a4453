"""Projects: handed in, edited, withdrawn, merged, and hidden as texts."""
