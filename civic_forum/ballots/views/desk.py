"""The way to the pages of a vote at the desk: which votes there are, and who gets to see a page of one."""

import json
from collections.abc import Callable
from functools import wraps

from flask import render_template, url_for
from flask_login import login_required

from civic_forum.accounts.rules import Role
from civic_forum.district import queries as district
from civic_forum.kernel import clock, policy
from civic_forum.kernel.errors import Denied, Refusal
from civic_forum.kernel.i18n import _, _l, day
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..forms.desk import AccountForm, ReasonForm, VoterForm
from ..models import BallotBox
from ..policy.desk import may_issue_paper
from ..policy.observers import may_read_objections
from ..queries import boxes, papers
from ..rules.boxes import Channel, close_is_due
from ..services import closing, desk
from . import beside
from .blueprint import bp

TABS = (("papers", "ballots.issue_paper", _l("종이")), ("kiosk_passes", "ballots.open_kiosk", _l("현장 투표")),
        ("batches", "ballots.type_paper", _l("종이 입력")), ("objections", "ballots.read_objections", _l("이의")),
        ("officials", "ballots.officiate", _l("확인과 공개")))


def shown_to(predicate):
    """Decorate a view of one vote, which gets the box; the reason why not is the page of everybody else."""

    def guard(view):
        @wraps(view)
        def page(box: str, **given):
            require(visitor(), predicate)
            return view(opened(box), **given)

        return never_cached(login_required(page))

    return guard


def opened(box: str) -> BallotBox:
    """The box of an address, closed if its time is over. Raises NotFound for one that nobody has opened."""
    found = boxes.by_hex(box)
    if found.opened_at is None:
        raise boxes.missing()
    closing.close_if_due(found.id)
    return boxes.by_hex(box)


def title(box: BallotBox) -> str:
    """As it was frozen at the opening."""
    return json.loads(box.definition)["subject_title"]


def options(box: BallotBox) -> list[dict]:
    return json.loads(box.definition)["options"]


def groups(box: BallotBox) -> list[dict]:
    """Of its options, where they have limits of their own."""
    return json.loads(box.definition).get("groups", [])


def question(box: BallotBox) -> str:
    return json.loads(box.definition)["question"]


def tabs(box: BallotBox, current: str) -> list[dict]:
    """What this person may do with a vote that was opened."""
    return [{"label": label, "url": url_for(f"ballots.{name}", box=box.id.hex()), "current": name == current}
            for name, permission, label in TABS if policy.can(visitor(), permission)]


def of_vote(box: BallotBox, current: str) -> dict:
    """What the list of votes needs of each."""
    return {"box": box, "hex": box.id.hex(), "title": title(box), "tabs": tabs(box, current),
            "last_return": papers.last_return(box), "rehearsal": box.rehearsal}


def of_page(box: BallotBox, current: str) -> dict:
    """What the head of every page here needs."""
    return of_vote(box, current) | beside.of_box(box, current)


def neighbourhoods_of(user) -> frozenset[int] | None:
    """Of which neighbourhoods a member of staff sees the paper; None: of all."""
    return None if user.has(Role.MODERATOR) else user.neighbourhood_ids()


def looked_up(box: BallotBox, page: Callable):
    """The answer to looking somebody up by name and birth date: `page` of the view, which shows whom it found."""
    form = VoterForm()
    return _found(form, "look_up", page, box,
                  lambda: desk.look_up(box.id, form.identity, form.reason.data, by=visitor()))


def account_looked_up(box: BallotBox, page: Callable):
    """The same for somebody who is in the roll by their account alone."""
    form = AccountForm()
    return _found(form, "account", page, box,
                  lambda: desk.look_up_account(box.id, form.desk_number.data, form.reason.data, by=visitor()))


def _found(form: ReasonForm, name: str, page: Callable, box: BallotBox, look: Callable):
    if not form.validate():
        return page(box, **{name: form}), 422
    try:
        found = look()
    except Refusal as refusal:
        form.refuse(refusal)
        return page(box, **{name: form}), refusal.status
    form.forget()
    return page(box, found=[(one, how_known(one), taking_part(one)) for one in found], **{name: form})


def how_known(found: desk.Found) -> list[str]:
    """What tells people of one name and birthday apart, and no more."""
    if found.is_elsewhere:
        return [_("다른 동의 명부에 있는 분")]
    voter = found.voter
    places = {place.id: place.name for place in district.neighbourhoods()}
    known = [places.get(voter.neighbourhood_id) or _("명부에 동이 적혀 있지 않음")]
    if voter.verified_at is not None:
        known.append(_("%(day)s에 확인한 분", day=day(voter.verified_at)))
    if voter.account_name is not None:
        known.append(_("로그인 이름 %(name)s", name=voter.account_name))
    return known


def taking_part(found: desk.Found) -> str | None:
    """How somebody takes part so far; never what they chose, and nothing of people of another neighbourhood."""
    voter = found.voter
    return None if found.is_elsewhere else {
        None: _("아직 투표하지 않았어요."),
        Channel.ONLINE: _("온라인으로 투표했어요."),
        Channel.ASSISTED: _("현장에서 투표했어요."),
        Channel.PAPER_ISSUED: _("%(number)s번 종이를 받아 갔어요.", number=voter.paper_number),
        Channel.PAPER_RETURNED: _("%(number)s번 종이를 냈어요.", number=voter.paper_number),
    }[voter.channel]


@bp.get("/desk/votes")
@never_cached
@login_required
def votes_at_the_desk():
    """Votes that are under way, the one that closes first on top."""
    if (reason := may_issue_paper(visitor())) and may_read_objections(visitor()):
        raise Denied(reason)
    votes = []
    for box in papers.boxes_under_way():
        if close_is_due(box, clock.now()):
            closing.close_if_due(box.id)
        votes.append(of_vote(boxes.by_id(box.id), ""))
    return render_template("ballots/votes_at_the_desk.html", votes=votes)
