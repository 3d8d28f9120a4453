"""Categories of proposals."""

from enum import StrEnum


class Category(StrEnum):
    TRAFFIC = "traffic"
    SAFETY = "safety"
    ENVIRONMENT = "environment"
    WELFARE = "welfare"
    EDUCATION = "education"
    CULTURE = "culture"
    ECONOMY = "economy"
    CITY = "city"
    SELF_GOVERNANCE = "self-governance"
    OTHER = "other"
