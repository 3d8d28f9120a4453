"""The published record of a vote: figures that must add up, and both editions as files."""
