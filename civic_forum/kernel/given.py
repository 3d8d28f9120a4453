"""What people type into a field that must say something."""

from . import plain_text
from .errors import Refusal
from .i18n import _


def words_given(text: str | None, least: int, most: int, field: str) -> str:
    """The text, cleaned. Raises Refusal at the field for one that is too short or too long."""
    text = plain_text.clean(text or "", lines=True)
    if not least <= len(text) <= most:
        raise Refusal(_("%(least)s자 이상 %(most)s자 이하로 적어 주세요.", least=least, most=f"{most:,}"), field=field)
    return text
