"""Permissions of votes: paper and kiosk at the desk, two officials, observers, the electoral roll."""

from typing import NamedTuple

from civic_forum.accounts.policy import why_guest
from civic_forum.accounts.queries.people import held_for
from civic_forum.accounts.rules import Role, same_person
from civic_forum.district.queries import places_within
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import permission

from .officers.rules import Office
from .rolls.rules import EntryState

AT_THE_DESK = frozenset({Role.CLERK, Role.MODERATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
OFFICIALS = frozenset({Role.MODERATOR, Role.OFFICIAL, Role.ADMINISTRATOR})
"""Any two of these, two different people."""
WHY_NOT = {
    EntryState.STRUCK: _l("명부에서 빠졌어요. 이유를 확인하고, 맞지 않으면 명부 확인 화면에서 이의를 내 주세요."),
    EntryState.NOT_SIGNED_IN: _l("로그인하면 투표할 수 있는지 바로 알 수 있어요."),
    EntryState.NOT_ON_LIST: _l("이 투표의 명부에 없어요. 빠진 것 같으면 투표가 시작되기 전에 명부 확인 화면에서 이의를 내 주세요."),
    EntryState.NOT_VERIFIED: _l("본인 확인을 마친 주민만 투표할 수 있어요. 동 주민센터나 우편으로 확인받을 수 있어요."),
    EntryState.OTHER_KIND: _l("이 투표에 참여할 수 있는 분은 따로 정해져 있어요. 누가 투표할 수 있는지 확인해 주세요."),
    EntryState.OTHER_NEIGHBOURHOOD: _l("이 투표는 정해진 동의 주민만 참여할 수 있어요."),
    EntryState.TOO_YOUNG: _l("투표가 끝나는 날에 정해진 나이가 되지 않아요."),
    EntryState.AGE_UNKNOWN: _l("나이를 확인해야 투표할 수 있어요. 동 주민센터나 우편으로 본인 확인을 받아 주세요."),
    EntryState.TOO_LATE: _l("명부를 정한 날 뒤에 확인되어서 이번 투표의 명부에는 없어요. 다음 투표부터 참여할 수 있어요."),
    EntryState.MAY_BE_ADDED: _l("명부를 정한 뒤에 확인받았어요. 투표하면 그때 명부에 더해요."),
    EntryState.NAMESAKE_LEFT: _l("이름과 생년월일이 같은 분이 명부에 있다가 탈퇴해서, 같은 분인지 알 수 없어요. 이번 투표에는 참여할 수 없어요."),
    EntryState.LISTED_TOGETHER: _l(
        "이름과 생년월일이 같은 분이 명부에 둘 이상 있어서, 온라인에서는 어느 분인지 알 수 없어요. 신분증을 가지고 동 주민센터에 오시면 투표할 수 있어요."),
    EntryState.MOVED: _l("이사하기 전에 살던 동의 명부에 이미 있어요. 그 동의 투표에 참여해 주세요."),
    EntryState.NOT_FIXED: _l("명부가 아직 정해지지 않았어요. 정해지면 여기에서 확인할 수 있어요."),
    EntryState.WILL_BE_IN: _l("지금대로면 명부가 정해질 때 들어가요."),
}
"""Sentences for a person who may not vote (now), with what to do about it."""


class Typing(NamedTuple):
    """A batch as far as it decides who may do the next thing with it."""

    finished_by: tuple[object, ...]
    """Users who have finished typing it."""
    begun_by: tuple[object, ...] = ()
    """Users who type it now."""
    is_settled: bool = False


def _one_of(actor, roles: frozenset[Role], stranger: str, others: str) -> str | None:
    """None for somebody with one of these roles, which count once there is a second factor; else the sentence."""
    if not actor.is_authenticated:
        return stranger
    if actor.lacks_second_factor:
        return _("담당자는 패스키를 만들거나 2단계 인증을 켜야 투표를 다룰 수 있어요. 내 정보에서 골라 주세요.")
    return None if actor.roles & roles else others


def _serving(actor) -> list:
    """Grants by which somebody serves the desks of a vote now: they have been held for some days."""
    latest = clock.now() - held_for() if held_for() else None
    return [grant for grant in actor.counting_grants
            if grant.role in AT_THE_DESK and (latest is None or grant.granted_at <= latest)]


def _at_the_desk(actor) -> str | None:
    if reason := _one_of(actor, AT_THE_DESK, _("동 담당자로 로그인해 주세요."),
                         _("동 담당자와 운영자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")):
        return reason
    return None if _serving(actor) else _("역할을 받고 %(days)s일이 지나야 투표 창구의 일을 할 수 있어요.", days=held_for().days)


def _at_own_desk(actor, neighbourhood_id: int | None) -> str | None:
    """Moderators for the whole district; clerks for those whom the roll counts to their neighbourhood, or to none."""
    if reason := _at_the_desk(actor):
        return reason
    serving = _serving(actor)
    if neighbourhood_id is None or any(grant.role is Role.MODERATOR for grant in serving):
        return None
    if neighbourhood_id in places_within(grant.neighbourhood_id for grant in serving if grant.neighbourhood_id):
        return None
    return _("내가 맡은 동의 일만 할 수 있어요. 그 동 주민센터에서 하도록 안내해 주세요.")


def why_own_list(actor, roll) -> str | None:
    """Reason against serving people of a roll, or typing their paper, for whoever brought in its list, by any account
    of theirs: they could have listed people who do not exist."""
    if roll is None or roll.listed_by is None or not same_person(actor, roll.listed_by):
        return None
    return _("이 투표의 명부 파일을 들여온 사람은 창구 일을 할 수 없어요. 다른 담당자에게 부탁해 주세요.")


@permission("ballots.issue_paper")
def may_issue_paper(actor, neighbourhood_id: int | None = None) -> str | None:
    """Find somebody in the roll, hand out paper, take it back, note what returned."""
    return _at_own_desk(actor, neighbourhood_id)


@permission("ballots.open_kiosk")
def may_open_kiosk(actor, neighbourhood_id: int | None = None) -> str | None:
    """Give somebody the code with which they vote alone at the kiosk."""
    return _at_own_desk(actor, neighbourhood_id)


@permission("ballots.register_kiosks")
def may_register_kiosks(actor, _device=None) -> str | None:
    """Make a browser a kiosk of a desk, and end that."""
    return _one_of(actor, ADMINISTRATORS, _("관리자로 로그인해 주세요."),
                   _("관리자만 할 수 있어요. 필요하면 관리자에게 부탁해 주세요."))


@permission("ballots.type_paper")
def may_type(actor, typing: Typing | None = None) -> str | None:
    """Type a batch in: two different people, neither twice, none with a second account."""
    if reason := _at_the_desk(actor):
        return reason
    if typing is None:
        return None
    if typing.is_settled:
        return _("정해진 묶음이에요. 더 입력할 수 없어요.")
    others = [user for user in (*typing.finished_by, *typing.begun_by) if user.id != actor.id]
    if any(user.id == actor.id for user in typing.finished_by):
        return _("이 묶음은 이미 입력했어요. 두 번째는 다른 사람이 입력해요.")
    if any(same_person(actor, user) for user in others):
        return _("이 묶음은 같은 분의 다른 계정으로 이미 입력했어요. 두 번째는 다른 사람이 입력해요.")
    if len(others) >= 2:
        return _("이 묶음은 두 사람이 이미 맡았어요. 다른 묶음을 골라 주세요.")
    return None


@permission("ballots.settle_paper")
def may_settle(actor, typing: Typing | None = None) -> str | None:
    """Decide the sheets that two typists read differently: a third person."""
    if reason := _at_the_desk(actor):
        return reason
    if typing is None:
        return None
    if typing.is_settled:
        return _("정해진 묶음이에요. 바꿀 수 없어요.")
    if any(same_person(actor, user) for user in typing.finished_by):
        return _("내가 입력한 묶음의 차이는 다른 사람이 정해요.")
    return None


@permission("ballots.officiate")
def may_officiate(actor, office: Office | None = None) -> str | None:
    """See how far votes have come; with their office in one vote: propose, confirm and take back there."""
    if actor.is_authenticated and not actor.is_active:  # a command asks for name and password, whatever became of it
        return _("지금은 쓸 수 없는 계정이에요. 구청에 문의해 주세요.")
    if reason := _one_of(actor, OFFICIALS, _("담당자로 로그인해 주세요."),
                         _("운영자, 부서 담당자, 관리자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")):
        return reason
    if office is not None and not office.may_act:
        return _("이 투표를 맡은 담당관만 할 수 있어요. 누가 맡았는지는 투표 화면에 있어요.")
    return None


@permission("ballots.confirm")
def may_confirm(actor, office: Office | None = None) -> str | None:
    """Confirm what another officer proposed: by a passkey, wherever the site has them outside a sample."""
    return may_officiate(actor, office) or _why_no_passkey(actor)


def _why_no_passkey(actor) -> str | None:
    """Reason of somebody who has no passkey where what decides a vote is confirmed by one."""
    if actor.confirms_by_passkey and not actor.has_passkey:
        return _("투표의 일은 패스키로 확인해요. 내 정보의 패스키에서 하나 만든 뒤에 다시 해 주세요.")
    return None


@permission("ballots.confirm_officer")
def may_confirm_officer(actor, trusted: bool | None = None) -> str | None:
    """Propose and confirm officers and replacements of them: by a passkey, as what they are going to confirm."""
    return may_grant_officer(actor, trusted) or _why_no_passkey(actor)


@permission("ballots.grant_officer")
def may_grant_officer(actor, trusted: bool | None = None) -> str | None:
    """Propose and confirm positions that may be officers, and replacements; `trusted` says by whom the administrator
    was made one."""
    if reason := _one_of(actor, ADMINISTRATORS if actor.is_active else frozenset(), _("관리자로 로그인해 주세요."),
                         _("관리자만 할 수 있어요. 필요하면 관리자에게 부탁해 주세요.")):
        return reason
    if trusted is False:
        return _("다른 관리자 한 명이 만든 관리자예요. 서버에서 정한 관리자나, 관리자 두 명이 담당관으로 정한 관리자만 할 수 있어요.")
    return None


@permission("ballots.observe")
def may_observe(actor, box=None) -> str | None:
    """See the number of participations while a vote runs, keep heads, fetch the observers' edition."""
    if not actor.is_authenticated:
        return _("참관인으로 로그인해 주세요.")
    if not actor.has(Role.OBSERVER):
        return _("참관인만 볼 수 있어요. 참관하려면 관리자에게 권한을 요청해 주세요.")
    if box is not None and box.opened_at is None:
        return _("아직 열리지 않은 투표예요. 담당관 두 명이 열면 참관할 수 있어요.")
    return None


@permission("ballots.object")
def may_object(actor, box=None) -> str | None:
    """Lodge an objection to a vote (투표 이의 제기)."""
    if not actor.is_authenticated or not actor.has(Role.OBSERVER):
        return _("투표 이의 제기는 참관인이 해요. 참관하려면 관리자에게 권한을 요청해 주세요.")
    if box is not None and box.opened_at is None:
        return _("아직 열리지 않은 투표예요. 열린 뒤에 이의를 제기할 수 있어요.")
    return None


@permission("ballots.answer_objection")
def may_answer(actor, department_id: int | None = None) -> str | None:
    """Answer in the name of one's department."""
    if not actor.is_authenticated:
        return _("부서 담당자로 로그인해 주세요.")
    if not actor.department_ids():
        return _("부서 담당자만 부서 이름으로 답할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    if department_id is not None and department_id not in actor.department_ids():
        return _("내가 맡은 부서 이름으로만 답할 수 있어요.")
    return None


@permission("ballots.withhold_objection")
def may_withhold(actor, _objection=None) -> str | None:
    """Keep the words of an objection from the public, with a reason that everybody sees."""
    if not actor.is_authenticated:
        return _("담당자로 로그인해 주세요.")
    if not actor.roles & {Role.MODERATOR, Role.OFFICIAL}:
        return _("운영자와 부서 담당자만 글을 가릴 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("ballots.read_objections")
def may_read_objections(actor, _box=None) -> str | None:
    """All objections of a vote with what has to be done about them."""
    return may_withhold(actor)


@permission("ballots.keep_roll")
def may_keep_roll(actor, _roll=None) -> str | None:
    """Fix, import, correct a roll and answer objections to it."""
    if not actor.is_authenticated:
        return _("운영자로 로그인해 주세요.")
    if not actor.has(Role.MODERATOR):
        return _("운영자만 명부를 다룰 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("ballots.object_to_roll")
def may_object_to_roll(actor, _roll=None) -> str | None:
    if not actor.is_authenticated:
        return _("로그인하면 명부에 이의를 낼 수 있어요.")
    return why_guest(actor)
