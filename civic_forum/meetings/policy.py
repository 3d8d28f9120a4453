"""Permissions around meetings; the rights in a body are those of `bodies.policy`."""

from collections.abc import Iterable
from typing import Any

from civic_forum.accounts.policy import account_permission, is_moderator
from civic_forum.accounts.rules import Role
from civic_forum.blocks.seats import MemberFunction
from civic_forum.bodies.policy import may_approve, may_note
from civic_forum.bodies.queries import BodyCase
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .models import Meeting
from .rules import OPEN_PARTS, OpenPart, open_parts

SIGNING = (MemberFunction.SECRETARY, MemberFunction.CHAIR, MemberFunction.CO_CHAIR, MemberFunction.PRESIDENT,
           MemberFunction.HEAD)


@permission("meetings.keep")
def may_keep(actor: Any, case: BodyCase) -> str | None:
    """Give notice of a meeting and write down what became of it: the secretary of the body, and administrators."""
    return may_note(actor, case)


@account_permission("meetings.choose")
def may_choose(actor: Any, _subject: object = None) -> str | None:
    """Choose the body on whose next meeting something is put: moderators and administrators."""
    return None if is_moderator(actor) or actor.has(Role.ADMINISTRATOR) else _("운영자와 관리자만 할 수 있어요.")


@account_permission("meetings.put")
def may_put(actor: Any, case: BodyCase) -> str | None:
    """Put something on the next meeting: who notes members of the body, and moderators."""
    if case.is_over:
        return _("끝난 위원회예요.")
    return None if is_moderator(actor) else may_note(actor, case)


@account_permission("meetings.sign")
def may_sign(actor: Any, case: BodyCase | None = None) -> str | None:
    """Sign minutes that somebody else wrote: secretaries and heads of the body, officials of its department, and
    administrators. Without a body: these two, of any."""
    if may_approve(actor, case) is None or case and any(case.sits(actor, function) for function in SIGNING):
        return None
    return _("이 위원회의 간사와 위원장, 담당 부서의 담당자만 할 수 있어요.")


def parts_for(actor: Any, case: BodyCase, meeting: Meeting) -> frozenset[OpenPart]:
    """Parts of a meeting that this actor reads: the one predicate of access. Who sits in the body reads all."""
    if case.sits(actor) or may_note(actor, case) is None:
        return frozenset(OpenPart)
    is_signed = meeting.is_signed or meeting.waits_for_signature and may_sign(actor, case) is None
    return open_parts(case.body.access, is_over=meeting.is_over, is_signed=is_signed)


def bodies_open(actor: Any, cases: Iterable[BodyCase], part: OpenPart) -> list[int]:
    """Ids of those of whose meetings this actor reads that there are any, or the results: no meeting changes that."""
    return [case.body.id for case in cases
            if part in OPEN_PARTS[case.body.access] or case.sits(actor) or may_note(actor, case) is None]
