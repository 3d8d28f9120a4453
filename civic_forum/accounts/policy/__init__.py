"""Permissions of accounts; importing this package registers every one of them."""

from . import own, staff

__all__ = ["own", "staff"]
