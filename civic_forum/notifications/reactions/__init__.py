"""Notices about facts of other features, most of them by the rows of `table`."""

from .. import told
from . import other, steps_taken, table

__all__ = ["other", "steps_taken", "table"]

told.register(table.ROWS)
