"""Registrations of the committee with accounts: duties of those who sit on it."""

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData

from .. import queries as records
from . import operations, queries


def collect(user: User) -> list[dict[str, object]]:
    """On which committees somebody sits, and what they recommend as long as that is kept."""
    return [{"round": budget_round.title, "named_at": member.noted_at and member.noted_at.isoformat(),
             "finished_at": member.finished_at and member.finished_at.isoformat(),
             "recommends": sorted(queries.own_codes(member.id))} for member,
            budget_round in queries.of_user(user.id)]


def erase(user: User, session) -> None:
    """Whoever leaves sits on no committee any more; sums that are fixed stay."""
    for member, budget_round in sorted(queries.of_user(user.id), key=lambda seat: seat[1].id):
        records.locked(budget_round.id)
        operations.forget(session, member)


PERSONAL_DATA["budget_committee"] = PersonalData(collect=collect, erase=erase)
