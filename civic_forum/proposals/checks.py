"""Checks of the text of a proposal. Pure."""

from civic_forum.platform import personal_numbers
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from . import rules
from .rules import Basics, Body, Text


def check_lengths(part: Basics | Body | Text) -> None:
    """Raise Refusal for a text over its limit; `rich_text.render` takes no longer one."""
    for name, most in rules.LONGEST.items():
        if len(getattr(part, name, "")) > most:
            raise Refusal(_("%(most)s자 이하로 줄여 주세요.", most=f"{most:,}"), field=name)


def check_complete(text) -> None:
    """Raise Refusal for the first thing that a proposal (or `rules.Text`) still needs."""
    for name, problem in missing_in(text):
        raise Refusal(problem, field=name)


def missing_in(text) -> list[tuple[str, str]]:
    """Field and sentence for everything that is missing, too short, or never to be published."""
    wanting = []
    if len(text.title) < rules.TITLE_LEAST:
        wanting.append(("title", _("제목을 %(least)s자 이상 적어 주세요.", least=rules.TITLE_LEAST)))
    if getattr(text, "category", True) is None:
        wanting.append(("category", _("분야를 골라 주세요.")))
    if len(text.problem) < rules.BODY_LEAST:
        wanting.append(("problem", _("무엇이 문제인지 %(least)s자 이상 적어 주세요.", least=rules.BODY_LEAST)))
    if len(text.wish) < rules.BODY_LEAST:
        wanting.append(("wish", _("무엇을 바라는지 %(least)s자 이상 적어 주세요.", least=rules.BODY_LEAST)))
    for name in rules.LONGEST:
        if secret := personal_numbers.secret_in(getattr(text, name)):
            wanting.append((name, str(personal_numbers.PersonalNumber(secret))))
    return wanting
