"""Permissions on a consultation."""

from datetime import datetime
from typing import NamedTuple

from civic_forum.accounts.policy import account_permission, needs_account, prepares, why_muted
from civic_forum.accounts.rules import Role
from civic_forum.district.queries import place_at
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, moment
from civic_forum.platform.policy import permission
from civic_forum.proposals.policy import may_write as may_write_proposal

from . import keyring
from .rules import Audience, Basis, Stage, stage

ASKS = frozenset({Role.OFFICIAL, Role.MODERATOR})
LOOKS = ASKS | {Role.ADMINISTRATOR}


class Asked(NamedTuple):
    """A consultation, with the neighbourhoods where somebody who wants to answer lives, works or studies."""

    consultation: object
    neighbourhood_ids: frozenset[int] = frozenset()
    is_verified: bool = False
    guest: Basis | None = None
    """Ground on which somebody without an account is known, if it is more than a browser."""


def stage_of(consultation, now: datetime | None = None) -> Stage:
    return stage(consultation.announced_at, consultation.opens_at, consultation.closes_at, now or clock.now())


def _may_look(actor) -> bool:
    return actor.is_authenticated and bool(actor.roles & LOOKS)


@permission("opinions.read")
def may_read(actor, consultation) -> str | None:
    if consultation.announced_at is not None or _may_look(actor):
        return None
    return _("아직 알리지 않은 질문이에요.")


@account_permission("opinions.see_desk")
def may_see_desk(actor, _subject=None) -> str | None:
    if _may_look(actor) or actor.has(Role.CLERK):  # who types paper
        return None
    return _("동 담당자, 운영자, 부서 담당자, 관리자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@account_permission("opinions.make")
def may_make(actor, _subject=None) -> str | None:
    if not actor.roles & ASKS:
        return _("부서 담당자와 운영자만 물을 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@account_permission("opinions.prepare")
def may_prepare(actor, consultation=None) -> str | None:
    """Begin one and work on it: moderators, officials for their department. Without one: any."""
    return None if prepares(actor, consultation) else _(
        "묻는 부서의 담당자와 운영자만 준비할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("opinions.edit")
def may_edit(actor, consultation) -> str | None:
    """Everything until it begins: what was promised to those who answer stays."""
    if reason := may_prepare(actor, consultation):
        return reason
    if stage_of(consultation) in (Stage.PREPARING, Stage.ANNOUNCED):
        return None
    return _("시작한 뒤에는 고치지 않아요. 답한 사람이 읽은 것과 달라지기 때문이에요.")


@permission("opinions.arrange")
def may_arrange(actor, consultation) -> str | None:
    """Take statements away or change their numbers."""
    if reason := may_edit(actor, consultation):
        return reason
    return _("알린 뒤에는 번호를 바꾸거나 의견을 빼지 않아요.") if consultation.announced_at else None


@permission("opinions.announce")
def may_announce(actor, consultation) -> str | None:
    if reason := may_edit(actor, consultation):
        return reason
    return _("이미 알린 질문이에요.") if consultation.announced_at else None


@account_permission("opinions.moderate")
def may_moderate(actor, consultation=None) -> str | None:
    """Decide about statements of residents."""
    return None if actor.has(Role.MODERATOR) else _("운영자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@account_permission("opinions.use_paper")
def may_use_paper(actor, consultation=None) -> str | None:
    """Print sheets and type in what came back, until the close."""
    if not actor.roles & (ASKS | {Role.CLERK}):
        return _("동 담당자, 부서 담당자, 운영자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return why_not_open(consultation) if consultation is not None else None


@permission("opinions.send_letters")
def may_send_letters(actor, consultation) -> str | None:
    """Print letters, post those that another person printed, and take them back, from the announcement to the close.
    Not for clerks: letters count as verified people do."""
    if reason := may_make(actor):
        return reason
    if not consultation.by_letter:
        return _("이 질문은 편지로 답을 받지 않아요. 시작하기 전에 '누가 답하나요'에서 정할 수 있어요.")
    return None if stage_of(consultation) is Stage.ANNOUNCED else why_not_open(consultation)


@permission("opinions.open_kiosk")
def may_open_kiosk(actor, consultation) -> str | None:
    """Hand out a code with which somebody answers at a kiosk."""
    if reason := may_use_paper(actor, consultation):
        return reason
    return None if takes_kiosk(consultation) else _("키오스크로는 누구나 답하고 모두 세는 질문만 물을 수 있어요.")


def takes_kiosk(consultation) -> bool:
    """True where everybody may answer, and everybody counts."""
    return consultation.is_for_everyone and not consultation.verified_only


@permission("opinions.say_what_became")
def may_say_what_became(actor, consultation=None) -> str | None:
    """Say what came of a statement: once its result is there."""
    if reason := may_make(actor):
        return reason
    if consultation is not None and stage_of(consultation) is not Stage.CLOSED:
        return _("마친 뒤에 쓸 수 있어요.")
    return None


@permission("opinions.make_agenda")
def may_make_agenda(actor, consultation) -> str | None:
    """Let its result become an agenda, once."""
    if reason := may_moderate(actor):
        return reason
    if stage_of(consultation) is not Stage.CLOSED:
        return _("마친 뒤에 의제로 만들 수 있어요.")
    return _("이미 의제로 만들었어요.") if consultation.agenda_id else None


def why_not_open(consultation, now: datetime | None = None) -> str | None:
    """Reason of the consultation itself against an answer."""
    stage = stage_of(consultation, now)
    if stage is Stage.OPEN:
        return why_lost(consultation)
    if stage is Stage.CLOSED:
        return _("답하는 기간이 끝났어요. 결과를 볼 수 있어요.")
    return _("%(moment)s부터 답할 수 있어요.", moment=moment(consultation.opens_at))


def why_lost(consultation) -> str | None:
    """Reason against anything that needs its key, which is not there and was not destroyed."""
    if consultation.announced_at is None or consultation.key_destroyed_at or keyring.is_there(consultation.id):
        return None
    return keyring.lost()


def why_unread(actor, consultation) -> str | None:
    """Reason against showing an account its answers: staff could have got into it, or made it for somebody else."""
    if consultation.announced_at and actor.is_authenticated and actor.waits_for_second_clerk(consultation.announced_at):
        return _("창구에서 다룬 계정이라, 다른 담당자도 신분증을 봐야 전에 한 답을 볼 수 있어요. 신분증을 가지고 동 주민센터로 와 주세요.")
    return None


@permission("opinions.answer")
def may_answer(actor, asked: Asked) -> str | None:
    """Answer, by account, once verified without one, or from a device where everybody may."""
    consultation = asked.consultation
    if reason := why_not_open(consultation):
        return reason
    if asked.guest is Basis.LINK:
        return None if consultation.by_letter else _("이 질문은 편지로 답을 받지 않아요.")
    if asked.guest is Basis.KIOSK:
        return None if takes_kiosk(consultation) else _("이 질문은 키오스크로 답을 받지 않아요.")
    if actor.is_authenticated and not actor.is_active:
        return needs_account(actor, once=True)
    if asked.is_verified and actor.waits_for_second_clerk(consultation.announced_at):
        return _("창구에서 다룬 계정이라, 다른 담당자도 신분증을 봐야 답할 수 있어요. 신분증을 가지고 동 주민센터로 와 주세요.")
    if not consultation.is_for_everyone and (reason := needs_account(actor, once=True)):
        return reason
    if consultation.audience is Audience.VERIFIED and not asked.is_verified:
        return _("주민 확인을 받은 뒤에 답할 수 있어요.")
    places = consultation.neighbourhoods
    known = {place_at(place, consultation.announced_at) for place in asked.neighbourhood_ids} if places else ()
    if places and not {place.id for place in places}.intersection(known):
        return _("%(places)s에 살거나 다니는 것이 확인된 분에게 묻고 있어요.", places=", ".join(place.name for place in places))
    return None


@permission("opinions.write")
def may_write(actor, asked: Asked) -> str | None:
    """Write a statement of one's own."""
    if reason := may_answer(actor, asked) or why_muted(actor):
        return reason
    if not asked.consultation.takes_statements:
        return _("이번에는 정해진 의견에만 답해요.")
    return needs_account(actor)


@permission("opinions.propose")
def may_propose(actor, statement) -> str | None:
    """Begin a proposal with the words of a statement, for everybody who may write one."""
    if reason := may_write_proposal(actor):
        return reason
    if statement.is_meta:
        return _("답하는 사람에 대한 의견으로는 제안하지 않아요.")
    if statement.is_asked and stage_of(statement.consultation) in (Stage.OPEN, Stage.CLOSED):
        return None
    return _("묻기 시작한 의견으로만 제안할 수 있어요.")
