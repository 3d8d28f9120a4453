"""What moderation tells those below it, and one's own data."""

from civic_forum.accounts.models import User
from civic_forum.kernel.registries import PersonalData, registries

from . import queries, words


def _collect(user: User) -> list[dict[str, object]]:
    return [{"about": f"{report.subject_kind}:{report.subject_id}", "rule": report.rule,
             "sentence": report.sentence, "at": report.at.isoformat()} for report in queries.reports_by(user)]


def _erase(user: User, _session) -> None:
    """The moderators still learn what was reported and why; what somebody added in own words goes."""
    for report in queries.reports_by(user):
        report.sentence = ""


registries.rules.update(words.RULE)
registries.personal_data["reports"] = PersonalData(collect=_collect, erase=_erase)
