"""The archive: what is over, by year and neighbourhood, as its kinds declare it (`blocks.kinds.Archived`)."""
