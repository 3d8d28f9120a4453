"""Draws that anyone can repeat: seats, jurors and places in courses."""
