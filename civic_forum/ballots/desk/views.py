"""The way to the pages of a vote at the desk: which votes there are, and who gets to see a page of one."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.district import queries as district
from civic_forum.platform import clock, policy, web
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import never_cached, visitor

from .. import voted
from .. import queries as boxes
from ..counting import closing
from ..forms import AccountForm, VoterForm
from ..labels import STAGE
from ..models import BallotBox
from ..officials import services as confirmations
from ..paper import queries as papers
from ..policy import may_issue_paper, may_open_kiosk, may_read_objections, may_settle, may_type, why_own_list
from ..rules.boxes import Channel, close_is_due
from . import services

bp = Blueprint("ballots", __name__)
TABS = (("papers", "ballots.issue_paper", _l("종이")), ("kiosk_passes", "ballots.open_kiosk", _l("현장 투표")),
        ("batches", "ballots.type_paper", _l("종이 입력")), ("objections", "ballots.read_objections", _l("이의")),
        ("officials", "ballots.officiate", _l("확인과 공개")))
SERVING = (may_issue_paper, may_open_kiosk, may_type, may_settle)
"""Rights to the first three pages, which whoever brought in the list of the roll does not see."""


def shown_to(predicate, *, of_box: bool = False, unopened: bool = False):
    """Decorate a view of one vote, which gets the box; others read why not. `of_box`: it is asked of it too."""

    def guard(view):
        @web.shown_to(predicate)
        @wraps(view)
        def page(box: str, **arguments):
            if of_box:
                require(visitor(), predicate, boxes.by_hex(box))
            if predicate in SERVING:
                require(visitor(), why_own_list, boxes.by_hex(box).roll)
            return view(opened(box, unopened=unopened), **arguments)

        return page

    return guard


def _at_the_desk(route: Callable) -> Callable:
    """Decorates views of one vote: address below that of the vote, endpoint, and who sees it. A view may have several.
    """
    return lambda path, endpoint, predicate: lambda view: route(
        f"/desk/votes/<box>{path}", endpoint=endpoint)(shown_to(predicate)(view)) and view


get, post = _at_the_desk(bp.get), _at_the_desk(bp.post)


def opened(box: str, *, unopened: bool = False) -> BallotBox:
    """The box of an address, closed if its time is over. Raises NotFound for one never opened, unless `unopened`."""
    ballot_box = boxes.by_hex(box)
    if ballot_box.opened_at is not None:
        closing.close_if_due(ballot_box.id)
    elif not unopened:
        raise boxes.missing()
    return boxes.by_hex(box)


def tabs(box: BallotBox, current: str) -> list[dict]:
    """Things this person may do with a vote that was opened."""
    return [{"label": label, "url": url_for(f"ballots.{name}", box=box.id.hex()), "current": name == current}
            for name, permission, label in TABS[3 if why_own_list(visitor(), box.roll) else 0:]
            if policy.can(visitor(), permission)]


def of_vote(box: BallotBox, current: str) -> dict:
    """One vote for the list of votes."""
    return {"box": box, "hex": box.id.hex(), "title": boxes.title(box), "tabs": tabs(box, current),
            "last_return": papers.last_return(box), "rehearsal": box.rehearsal}


def of_page(box: BallotBox, current: str) -> dict:
    """One vote for the head of every page here."""
    return of_vote(box, current) | beside(box, current)


def beside(box: BallotBox, page: str) -> dict:
    """The boxes that are voted on together: `beside`, links to `page` of every one with its stage (nothing for a box by
    itself), and `following`, the box to go on with: the next one, after the last one the first that is behind it."""
    together = dict(voted.together(box))
    stages = confirmations.stages_now(together.values())
    links = [{"name": name, "stage": stages[ballot_box.id], "label": f"{name} · {STAGE[stages[ballot_box.id]]}",
              "url": url_for(f"ballots.{page}", box=ballot_box.id.hex()), "current": ballot_box.id == box.id}
             for name, ballot_box in together.items()
             if page == "officials" or ballot_box.opened_at is not None]  # officials see a box that nobody has opened
    here = next((place for place, link in enumerate(links) if link["current"]), None)
    if here is None or len(links) < 2:
        return {"beside": [], "following": None}
    behind = (link for link in links if not link["stage"].reached(links[here]["stage"]))
    return {"beside": links, "following": next(iter(links[here + 1:]), None) or next(behind, None)}


def told(box: BallotBox, page: str, message: str, **where):
    """Back to a page of the vote, with what was done."""
    return saved(message, url_for(f".{page}", box=box.id.hex(), **where), 302)


def said_above(form) -> str | None:
    """The sentence about no field of a form that was refused, taken off it: the page may not show the form any more."""
    if form is None:
        return None
    sentence, form.form_errors = " ".join(form.form_errors), []
    return sentence


def looked_up(box: BallotBox, page: Callable):
    """The answer to looking somebody up, by name and birth date or by their account: `page` of the view, which shows
    whom it found."""
    by_account = request.path.endswith("/account-look-ups")
    form, name = (AccountForm(), "account") if by_account else (VoterForm(), "look_up")

    def shown():
        if by_account:
            people = services.look_up_account(box.id, form.desk_number.data, form.reason.data, by=visitor())
        else:
            people = services.look_up(box.id, form.identity, form.reason.data, by=visitor())
        voters = [(voter, _taking_part(voter)) for voter in people]
        form.forget()
        return page(box, voters=voters, **{name: form})

    return handle(form, shown, lambda: page(box, **{name: form}), checks=True)


def look_ups(box: BallotBox, *, look_up=None, account=None, voters=None) -> dict:
    """Forms and findings of a look-up; the form for accounts where the roll takes declared residents."""
    return {"look_up": look_up or VoterForm(formdata=None), "found": voters, "places": district.neighbourhood_names(),
            "account": (account or AccountForm(formdata=None)) if services.takes_declared(box) else None}


def _taking_part(voter: services.RollEntryAtDesk) -> str | None:
    """The way somebody takes part so far; never what they chose, and nothing of people of another neighbourhood."""
    return None if voter.is_elsewhere else {
        None: _("아직 투표하지 않았어요."),
        Channel.ONLINE: _("온라인으로 투표했어요."),
        Channel.ASSISTED: _("현장에서 투표했어요."),
        Channel.PAPER_ISSUED: _("%(number)s번 종이를 받아 갔어요.", number=voter.paper_number),
        Channel.PAPER_RETURNED: _("%(number)s번 종이를 냈어요.", number=voter.paper_number),
    }.get(voter.channel, _("투표한 기록을 읽을 수 없어요. 구청에 바로 알려 주세요."))


@bp.get("/desk/votes")
@never_cached
@login_required
def votes_at_the_desk():
    """Votes that are under way, the one that closes first on top; rehearsals below, until their key is gone."""
    if (reason := may_issue_paper(visitor())) and may_read_objections(visitor()):
        raise Denied(reason)
    votes = []
    for box in sorted(papers.boxes_under_way(), key=lambda box: box.rehearsal):
        if box.rehearsal and box.key_destroyed_at:
            continue
        if close_is_due(box, clock.now()):
            closing.close_if_due(box.id)
        votes.append(of_vote(boxes.by_id(box.id), ""))
    return render_template("ballots/votes_at_the_desk.html", votes=votes)
