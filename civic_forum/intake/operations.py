"""Checks that everything which takes items in shares."""

from civic_forum.district import queries as district
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _


def check_choices(category: str | None, place: int | None) -> None:
    """Raises Refusal for what the district does not have."""
    if category is not None and category not in district.open_categories():
        raise Refusal(_("분야를 목록에서 골라 주세요."), field="category")
    if place is not None and place not in district.open_neighbourhood_names():
        raise Refusal(_("동을 목록에서 골라 주세요."), field="neighbourhood")
