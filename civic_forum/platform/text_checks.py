"""Checks of typed fields that must say something."""

from collections.abc import Mapping

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


def check_lengths(part: object, longest: Mapping[str, int]) -> None:
    """Raises Refusal for the first of these texts that is too long or holds a number nobody may publish, naming its
    field; `part` need not have them all."""
    for name, most in longest.items():
        text = getattr(part, name, None) or ""
        _check_length(text, most, name)
        refuse_secret(**{name: text})


def check_filled(part: object, *names: str) -> None:
    """Raises Refusal for the first of these texts that is empty, naming its field."""
    for name in names:
        if not plain_text.clean(getattr(part, name) or ""):
            raise Refusal(_("여기를 채워 주세요."), field=name)


def translations(texts: Mapping[str, Mapping[str, str]], longest: Mapping[str, int], otherwise: int = 3_000) -> dict:
    """Texts of a part in other languages that say something, cleaned, as a column of texts keeps them; {} for none.
    Raises Refusal for the first that is too long, at the field of its name with `_<language>` behind it."""
    kept: dict[str, dict[str, str]] = {}
    for words, typed in texts.items():
        for name, text in typed.items():
            if cleaned := plain_text.clean(text, lines=True):
                _check_length(cleaned, longest.get(name, otherwise), f"{name}_{words}")
                kept.setdefault(str(words), {})[name] = cleaned
    return kept


def _check_length(text: str, most: int, field: str) -> None:
    if len(text) > most:
        raise Refusal(_("%(longest)s자까지 쓸 수 있어요.", longest=f"{most:,}"), field=field)
