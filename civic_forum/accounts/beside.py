"""Facts that features above say of the signed-in user on every page, read together with the user."""

from collections.abc import Callable

import sqlalchemy as sa

BESIDE_USER: dict[str, Callable[[sa.ColumnElement[int]], sa.ScalarSelect]] = {}
"""Name → function(column of the user's id) → a scalar subquery; the values are `User.beside`."""
