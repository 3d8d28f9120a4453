"""Sheets that the office hands in, as pages of A4 and as files (`blocks.sheets`)."""
