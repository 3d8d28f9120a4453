"""Decisions about the lists of the district, and numbers of its residents. Pure."""

import json
from collections.abc import Mapping
from enum import StrEnum


class DistrictList(StrEnum):
    NEIGHBOURHOODS = "neighbourhoods"
    DEPARTMENTS = "departments"
    AUDIENCES = "audiences"
    CATEGORIES = "categories"
    REASONS = "reasons"
    TEXTS = "texts"
    SETTINGS = "settings"


class DistrictAct(StrEnum):
    MAKE = "make"
    RENAME = "rename"
    MOVE = "move"
    CLOSE = "close"
    SET = "set"
    SET_BY_TWO = "set_by_two"
    CHANGE = "change"
    CHANGE_BY_TWO = "change_by_two"


BY_TWO = frozenset((DistrictAct.CLOSE, DistrictAct.SET_BY_TWO, DistrictAct.CHANGE_BY_TWO))
"""Acts that another administrator confirms."""
AGES = ("14-18", "19-39", "40-64", "65+")
"""Ages that a file of residents may name: those that people can say of themselves."""


def residents(content: bytes) -> Mapping[str, object]:
    """Numbers of people by neighbourhood and by age with their source, of JSON. Raises ValueError with a sentence."""
    try:
        residents = json.loads(content.decode())
    except ValueError:
        raise ValueError("the file is no JSON in UTF-8") from None
    if not isinstance(residents, dict) or not str(residents.get("source") or "").strip():
        raise ValueError("the file names no source")
    for name in ("neighbourhoods", "ages"):
        people = residents.get(name)
        if not isinstance(people, dict) or not people:
            raise ValueError(f"the file has no numbers of people by {name}")
        for group, number in people.items():
            if type(number) is not int or number < 1:
                raise ValueError(f"{group} in {name} is no number of people from 1 up")
    if unknown := residents["ages"].keys() - set(AGES):
        raise ValueError(f"ages knows {', '.join(AGES)}, not {min(unknown)}")
    return residents
