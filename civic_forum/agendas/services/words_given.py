"""The sentences that people must give, looked at before anything is changed."""

from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.personal_numbers import refuse_secret

from .. import rules


def reason_given(reason: str) -> str:
    return between(reason, rules.REASON_LEAST, rules.REASON_MOST, "reason", _("까닭"))


def why_given(why: str) -> str:
    return between(why, rules.WHY_LEAST, rules.WHY_MOST, "why", _("함께 다루는 까닭"))


def ending_given(reason: str) -> str:
    """Why a proposal leaves an agenda, or an agenda another: as long as what is kept of it."""
    return between(reason, rules.WHY_LEAST, rules.WHY_MOST, "reason", _("까닭"))


def objection_given(text: str) -> str:
    return between(text, rules.OBJECTION_LEAST, rules.OBJECTION_MOST, "text", _("반대하는 까닭"))


def answer_given(text: str) -> str:
    return between(text, rules.OBJECTION_LEAST, rules.OBJECTION_MOST, "answer", _("답변"))


def note_given(text: str) -> str:
    """A note that may be left out."""
    return between(text, 0, rules.WHY_MOST, "note", _("덧붙일 말"))


def between(text: str, least: int, most: int, field: str, name: str) -> str:
    text = text.strip()
    if not least <= len(text) <= most:
        raise Refusal(_("%(name)s: %(least)s자 이상 %(most)s자 이하로 적어 주세요.", name=name, least=least, most=most),
                      field=field)
    refuse_secret(**{field: text})
    return text
