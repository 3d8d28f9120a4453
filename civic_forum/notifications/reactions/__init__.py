"""Notices about facts of other features, most of them by the rows of `table`."""

from .. import told
from . import bulk_acts, leaving_the_site, own, steps_taken, table

__all__ = ["bulk_acts", "leaving_the_site", "own", "steps_taken", "table"]

told.register(table.ROWS)
