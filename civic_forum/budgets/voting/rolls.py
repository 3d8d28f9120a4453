"""Electoral rolls of a round: one's own entry, and the desk. Envelopes of the same electorate share one. Downloads of
the vote on an envelope."""

from civic_forum.ballots.published import downloads
from civic_forum.ballots.rolls import electorate
from civic_forum.ballots.rolls import pages as rolls
from civic_forum.ballots.rolls.pages import DeskRoll, OwnRoll
from civic_forum.platform import clock
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _
from civic_forum.platform.web import visitor

from .. import queries as records
from ..pages import bp, desk, found_envelope
from ..policy import may_edit, may_make, why_not_object
from .views import crumbs_of, ways_of


def _own_vote(slug: str, envelope: str) -> OwnRoll:
    purse = found_envelope(slug, envelope)
    budget_round = purse.round
    return OwnRoll(
        title=f"{budget_round.title} — {purse.name}", way=crumbs_of(purse), ways=ways_of(purse), box=purse.box,
        roll=purse.roll, eligibility=electorate.of_vote(purse.box, purse.roll), fixed_on=budget_round.roll_fixed_on,
        check_to=budget_round.roll_check_to, why_not_object=why_not_object(budget_round, clock.now()))


def _vote(slug: str, envelope: str) -> DeskRoll:
    budget_round = records.by_slug(slug)
    purse, home = records.envelope(budget_round, envelope), f"/desk/budgets/{slug}"
    if purse.roll is None:
        raise NotFound(_("아직 명부가 없어요. 누가 투표할 수 있는지 먼저 적어 주세요."))
    sharing = [other.name for other in budget_round.envelopes if other.roll_id == purse.roll_id]
    return DeskRoll(
        title=f"{budget_round.title} — {', '.join(sharing)}",
        way=[(_("업무 화면"), "/desk"), (_("주민참여예산"), "/desk/budgets"), (budget_round.title, home)],
        here=f"{home}/rolls/{envelope}", roll=purse.roll,
        opened=any(other.is_opened and other.roll_id == purse.roll_id for other in budget_round.envelopes),
        why_not=may_edit(visitor(), budget_round))


rolls.mount_own(bp, "/<slug>/<envelope>", _own_vote)
rolls.mount_desk(desk, "/budgets/<slug>/rolls/<envelope>", _vote, may_make)
downloads.mount(bp, "/<slug>/<envelope>", lambda slug, envelope: (found_envelope(slug, envelope).box,
                                                                  f"{slug}-{envelope}"))
