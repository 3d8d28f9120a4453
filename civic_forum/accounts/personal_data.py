"""Personal data of a user in each feature: for the download of one's own, and for leaving."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from .models import User


@dataclass(frozen=True)
class PersonalData:
    """Personal data of one feature."""

    collect: Callable[[User], object]
    """A value that JSON can hold."""
    erase: Callable[[User, Session], None]
    """Inside the transaction of leaving."""


PERSONAL_DATA: dict[str, PersonalData] = {}
"""By the name of its file in the download."""
