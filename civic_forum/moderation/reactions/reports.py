"""Reports on the desk and for those who made them; and the rules that moderation tells those below."""

from datetime import timedelta

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks import kinds
from civic_forum.blocks.extensions import ME
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import ENTRIES, WORK, DeskEntry, DeskLine, DeskWork, Waiting

from .. import queries, labels
from ..queries import queue
from ..queries.things import shown

LOOKED_AT_WITHIN = timedelta(days=1)
"""How long a report may wait."""


def _collect(user: User) -> list[dict[str, object]]:
    return [{"about": str(Ref(report.subject_kind, report.subject_id)), "rule": report.rule,
             "sentence": report.sentence, "at": report.at.isoformat(), "ended": report.closed_how}
            for report in queries.reports_by(user)]


def _erase(user: User, _session) -> None:
    """The moderators still learn what was reported and why; what somebody added in own words goes."""
    for report in queries.reports_by(user):
        report.sentence = ""


def own_reports(user: User) -> dict | None:
    count = queries.reports.count_by(user)
    return {"label": _("내가 한 신고"), "url": "/me/reports", "total": count} if count else None


def lines(found: list[Waiting]) -> list[DeskLine]:
    """Each by what the reported thing says, and under which rules how many reported it."""
    things = [(ref.kind, ref.id) for one in found if (ref := Ref.read(one.ref or ""))]
    known, named = shown(things), queue.rules_of(things)
    said = {about: known[about].text for about in things if about in known}
    return [DeskLine(f"/desk/reports/{kind}/{number}", said.get((kind, number)) or _("지운 글"),
                     (str(labels.SUBJECT[kind]),
                      *(f"{labels.rule(rule)} {count}" for rule, count in named[kind, number])),
                     _("원칙을 어겼는지 정해 주세요.")) for kind, number in things]


kinds.say_rules(labels.RULE)
PERSONAL_DATA["reports"] = PersonalData(collect=_collect, erase=_erase)
ME.add(own_reports)
ENTRIES["moderation.reports"] = DeskEntry("moderation.moderate", _l("신고 살펴보기"), "moderation_desk.queue")
WORK["moderation.reports"] = DeskWork("moderation.moderate", _l("신고 살펴보기"), queue.waiting_for_desk, lines,
                                                 within=LOOKED_AT_WITHIN)
