"""One's own entry in the electoral roll of an envelope."""

from flask_login import login_required

from civic_forum.ballots.pages import rolls
from civic_forum.ballots.pages.rolls import OwnRoll
from civic_forum.platform import clock
from civic_forum.platform.i18n import Language, language
from civic_forum.platform.web import by_address, by_user, unlogged

from ..policy.preparing import why_not_object
from .ballot import crumbs_of, ways_of
from .blueprint import bp
from .gate import found_envelope


@bp.get("/<slug>/<envelope>/roll")
@login_required
@unlogged
def own_entry(slug: str, envelope: str):
    return rolls.own_page(_vote(slug, envelope))


@bp.post("/<slug>/<envelope>/roll/objections")
@login_required
@by_address
@by_user
def object_to_roll(slug: str, envelope: str):
    return rolls.objected(_vote(slug, envelope))


def _vote(slug: str, envelope: str) -> OwnRoll:
    one = found_envelope(slug, envelope)
    budget_round = one.round
    words = {} if language() is Language.KO else budget_round.texts.get(str(language())) or {}
    return OwnRoll(
        title=f"{budget_round.title} — {one.name}", way=crumbs_of(one), ways=ways_of(one), box=one.box, roll=one.roll,
        eligibility=words.get("eligibility") or budget_round.eligibility, fixed_on=budget_round.roll_fixed_on,
        check_to=budget_round.roll_check_to, why_not_object=why_not_object(budget_round, clock.now()))
