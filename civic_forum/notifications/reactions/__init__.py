"""What people are told when a fact of another feature is told. Each part of the site has its module."""

from . import leaving_the_site

__all__ = ["leaving_the_site"]
