"""Consequences of the decision of a call: seats in a body, places in forums."""
