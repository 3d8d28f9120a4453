"""The record of a forum that is over: replay, drafts, corrections and signed minutes."""
