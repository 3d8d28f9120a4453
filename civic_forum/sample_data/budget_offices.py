"""An account for every department that reviews projects of the sample rounds; nobody signs in as one."""

from datetime import datetime
from functools import cache

from .budget_files import rounds
from .people import Newcomer

WITH_ACCOUNT = {"교통행정과": "official1", "어르신장애인과": "official2"}


@cache
def _names() -> dict[str, str]:
    """Department → sign-in name of its official, in the order of their first project."""
    told = [one["department"] for entry in rounds() for one in (*entry["projects"], *entry.get("not_eligible", ()))]
    told += [name for entry in rounds() for name in entry.get("other_departments", ())]
    without = [name for name in dict.fromkeys(told) if name not in WITH_ACCOUNT]
    return WITH_ACCOUNT | {name: f"office{number:02d}" for number, name in enumerate(without, 1)}


def office_of(department: str) -> str:
    return _names()[department]


def officials(opened: datetime, loaded: datetime) -> list[Newcomer]:
    """They join with the rest of the staff."""
    return [Newcomer(opened, {
        "name": name, "nickname": f"{department} 담당자", "neighbourhood": None, "email": None, "language": "ko",
        "roles": [{"role": "official", "department": department}], "age_band": "40s", "affiliations": [],
    }, loaded) for department, name in _names().items() if department not in WITH_ACCOUNT]
