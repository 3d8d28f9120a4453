"""The record made while a forum runs: captions and decisions."""
