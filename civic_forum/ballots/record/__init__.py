"""The published record of a vote, format 2: figures that must add up, and both editions as files."""
