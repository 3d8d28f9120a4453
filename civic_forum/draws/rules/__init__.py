"""Draws that anyone can repeat, without a database: lots and definition, seed, filling, who leaves."""
