"""Registrations, places, the waiting list, needs and consent."""
