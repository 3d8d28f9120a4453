"""Texts as services take them from whoever calls: page, command or script."""

from civic_forum.kernel import personal_numbers, plain_text
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _


def given(text: str, most: int, field: str, *, lines: bool = False) -> str:
    """The text, cleaned. Raises Refusal for an empty one, one that is too long, or one with a number that is never to
    be published."""
    text = plain_text.clean(text, lines=lines)
    if not text:
        raise Refusal(_("내용을 적어 주세요."), field=field)
    if len(text) > most:
        raise Refusal(_("%(most)s자 이하로 줄여 주세요.", most=f"{most:,}"), field=field)
    if secret := personal_numbers.secret_in(text):
        raise personal_numbers.PersonalNumber(secret, field=field)
    return text
