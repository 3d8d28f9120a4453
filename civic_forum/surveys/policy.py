"""Permissions around surveys: who prepares one, answers it, types paper and publishes results."""

from typing import Any, NamedTuple

from civic_forum.accounts.policy import account_permission, needs_account, prepares
from civic_forum.accounts.rules import Role, same_person
from civic_forum.opinions.rules import Stage
from civic_forum.platform.i18n import _, moment
from civic_forum.platform.policy import permission

from .models import Survey
from .rules import Way


class Asked(NamedTuple):
    """A survey and the way by which somebody wants to answer it."""

    survey: Survey
    way: Way


def way_of(actor: Any, survey: Survey, has_code: bool) -> Way:
    """Way that is open to somebody: who is signed in answers so, where the survey asks people it knows."""
    if actor.is_authenticated and (survey.by_account or survey.by_person):
        return Way.PERSON if actor.person is not None else Way.ACCOUNT
    return Way.LETTER if has_code else Way.FREE


@permission("surveys.read")
def may_read(actor: Any, survey: Survey) -> str | None:
    """Everybody from the announcement on."""
    is_shown = survey.announced_at is not None or actor.is_authenticated and prepares(actor, survey)
    return None if is_shown else _("이런 설문은 없어요. 목록에서 찾아보세요.")


@account_permission("surveys.see_desk")
def may_see_desk(actor: Any, _subject: object = None) -> str | None:
    is_in = prepares(actor) or actor.has(Role.CLERK)
    return None if is_in else _("동 담당자, 부서 담당자, 운영자만 볼 수 있어요.")


@account_permission("surveys.prepare")
def may_prepare(actor: Any, survey: Survey | None = None) -> str | None:
    return None if prepares(actor, survey) else _("설문을 여는 부서의 담당자와 운영자만 할 수 있어요.")


@account_permission("surveys.edit")
def may_edit(actor: Any, survey: Survey) -> str | None:
    return may_prepare(actor, survey) or (None if survey.announced_at is None else _(
        "알린 설문은 바꾸지 않아요. 답하는 사람이 읽은 것과 달라지기 때문이에요."))


@account_permission("surveys.announce")
def may_announce(actor: Any, survey: Survey) -> str | None:
    return may_edit(actor, survey) or (
        _("마지막에 고친 사람이 아닌 다른 담당자가 알려요.") if same_person(actor, survey.written_by) else None)


@permission("surveys.answer")
def may_answer(actor: Any, asked: Asked) -> str | None:
    survey, way = asked
    if survey.stage is not Stage.OPEN:
        return _("답하는 기간이 끝났어요.") if survey.stage is Stage.CLOSED else _(
            "%(moment)s부터 답할 수 있어요.", moment=moment(survey.opens_at))
    if actor.is_authenticated and not actor.is_active:
        return needs_account(actor, once=True)
    if way is Way.PERSON and actor.waits_for_second_clerk(survey.announced_at):
        return _("창구에서 다룬 계정이라, 다른 담당자도 신분증을 봐야 답할 수 있어요. 신분증을 가지고 동 주민센터로 와 주세요.")
    if way is Way.ACCOUNT:
        return None if survey.by_account else _("주민 확인을 받은 뒤에 답할 수 있어요.")
    if way is Way.LETTER:
        return None if survey.by_letter else _("이 설문은 편지로 답을 받지 않아요.")
    if way is Way.FREE and not survey.freely:
        return needs_account(actor, once=True) or _("편지나 종이를 받은 사람에게 묻는 설문이에요.")
    return None


@account_permission("surveys.type_paper")
def may_type_paper(actor: Any, survey: Survey) -> str | None:
    """Until results are published: sheets that came in time are typed after the close."""
    if not (prepares(actor, survey) or actor.has(Role.CLERK)):
        return _("동 담당자와, 설문을 여는 부서의 담당자와 운영자만 할 수 있어요.")
    is_typed = survey.by_paper and survey.stage in (Stage.OPEN, Stage.CLOSED) and survey.published_at is None
    return None if is_typed else _("지금은 종이로 받은 답을 적을 수 없어요.")


@account_permission("surveys.print_letters")
def may_print_letters(actor: Any, survey: Survey) -> str | None:
    prints = survey.by_letter and survey.stage in (Stage.ANNOUNCED, Stage.OPEN)
    return may_prepare(actor, survey) or (None if prints else _("지금은 편지를 인쇄할 수 없어요."))


@account_permission("surveys.publish")
def may_publish(actor: Any, survey: Survey) -> str | None:
    """Read what was written and propose results, from the close to their publication."""
    is_due = survey.stage is Stage.CLOSED and survey.published_at is None
    return may_prepare(actor, survey) or (None if is_due else _("마감한 뒤, 결과를 공개하기 전에 할 수 있어요."))
