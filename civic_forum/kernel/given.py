"""What people type into a field that must say something."""

from . import plain_text
from .errors import Refusal
from .i18n import _
from .personal_numbers import refuse_secret


def words_given(text: str | None, least: int, most: int, field: str, *, sealed: bool = False) -> str:
    """The text, cleaned. Raises Refusal at the field for one that is too short or too long, and for a number that
    nobody may read there, unless it is kept sealed."""
    text = plain_text.clean(text or "", lines=True)
    if not least <= len(text) <= most:
        raise Refusal(_("%(least)s자 이상 %(most)s자 이하로 적어 주세요.", least=least, most=f"{most:,}"), field=field)
    if not sealed:
        refuse_secret(**{field: text})
    return text
