"""Who observes a vote, objects to it, and answers for the office."""

from civic_forum.accounts.rules import Role
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission


@permission("ballots.observe")
def may_observe(actor, box=None) -> str | None:
    """See the number of participations while a vote runs, keep heads, fetch the observers' edition."""
    if not actor.is_authenticated:
        return _("참관인으로 로그인해 주세요.")
    if not actor.has(Role.OBSERVER):
        return _("참관인만 볼 수 있어요. 참관하려면 관리자에게 권한을 요청해 주세요.")
    if box is not None and box.opened_at is None:
        return _("아직 열리지 않은 투표예요. 담당자 두 명이 열면 참관할 수 있어요.")
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
