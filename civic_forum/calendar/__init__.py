"""The calendar of the district: what has a day in public, as pages by month and as a file (`blocks.occasions`)."""
