"""Striking somebody from the roll of an opened vote: proposed by one official, confirmed by another."""

from functools import partial

from flask import render_template

from civic_forum.accounts.queries import users
from civic_forum.blocks.pages import handle
from civic_forum.platform.errors import Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, visitor

from .. import identities
from .. import queries as boxes
from ..desk.views import said_above, told
from ..forms import OneselfForm, StrikeForm
from ..models import BallotBox
from ..officials import queries as confirmations
from ..officials import services as four_eyes
from ..officials.views import for_officers, oneself, routes
from ..rolls import queries as rolls
from ..rolls.rules import MOST_REASON
from ..rules.boxes import ConfirmedAction, POSSIBLE_AT
from . import queries, services

get, post = routes(partial(for_officers, unopened=False))


@post("/strikes", "propose_strike")
def propose(box: BallotBox):
    form = StrikeForm()

    def proposed():
        whom = existing(users.by_name(form.name.data),
                        lambda: Refusal(_("%(name)s라는 로그인 이름이 없어요.", name=form.name.data), field="name"))
        persons = identities.candidates(whom, box.roll.key_id)
        known = [person for person in persons if rolls.entry(box.roll_id, person) is not None]
        services.propose(box.id, (known or persons)[0], form.reason.data or "", account_id=whom.id, by=visitor())
        return told(box, "strikes", _("제안했어요. 다른 담당관이 24시간 안에 확인해야 해요."))

    return handle(form, proposed, lambda: _page(boxes.by_id(box.id), proposal=form), checks=True)


@post("/strikes/<id:proposal>/confirmation", "confirm_strike")
@by_address
def confirm(box: BallotBox, proposal: int):
    _of_this_roll(box, proposal)
    form = _confirmation(proposal)

    def confirmed():
        oneself(form)
        services.confirm(proposal, by=visitor())
        return told(box, "strikes", _("명부에서 뺐어요. 그 사람에게 바로 알렸어요."))

    return handle(form, confirmed, lambda: _page(boxes.by_id(box.id), confirmation=(proposal, form)), checks=True)


@post("/strikes/<id:proposal>/withdrawal", "withdraw_strike")
def withdraw(box: BallotBox, proposal: int):
    _of_this_roll(box, proposal)
    services.withdraw(proposal, by=visitor())
    return told(box, "strikes", _("제안을 거뒀어요."))


def _confirmation(proposal: int, **options) -> OneselfForm:
    """One page has the forms of several proposals."""
    return OneselfForm(prefix=f"strike{proposal}", **options)


def _of_this_roll(box: BallotBox, proposal: int) -> None:
    if boxes.required(confirmations.box_of(proposal)).roll_id != box.roll_id:
        raise boxes.missing()


@get("/strikes", "strikes")
def _page(box: BallotBox, *, proposal=None, confirmation=(0, None)) -> str:
    waiting, refused = queries.waiting(box), dict([confirmation])
    stage = four_eyes.stages_now([box])[box.id]
    return render_template(
        "ballots/strikes.html", box=box, hex=box.id.hex(), title=boxes.title(box), user=visitor(),
        trouble=said_above(proposal or confirmation[1]),
        waiting=[(strike, refused.get(strike.confirmation.id) or _confirmation(
            strike.confirmation.id, formdata=None)) for strike in waiting],
        proposal=proposal or StrikeForm(formdata=None), most=MOST_REASON, struck=queries.struck(box),
        is_possible=box.roll_id is not None and stage in POSSIBLE_AT[ConfirmedAction.STRIKE])
