"""Nobody decides about their own project, nor about one that competes with it for the money of the same envelope."""

from collections.abc import Iterable, Mapping

from civic_forum.accounts.rules import same_person
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission


def has_interest(actor, proposers: Iterable) -> bool:
    """True if one of these accounts is this person's."""
    return any(same_person(actor, one) for one in proposers)


def barred_from(actor, proposers: Mapping[int, Iterable]) -> set[int]:
    """The envelopes, by id, in which a project of theirs competes."""
    return {envelope_id for envelope_id, users in proposers.items() if has_interest(actor, users)}


@permission("budgets.decide")
def may_decide(actor, proposers: Iterable) -> str | None:
    """`proposers` are those of every project that still competes in the envelopes of which it is decided."""
    if has_interest(actor, proposers):
        return _("이 배정 예산에 내가 낸 사업이 있어서 할 수 없어요. 다른 운영자나 담당자가 해 주세요.")
    return None
