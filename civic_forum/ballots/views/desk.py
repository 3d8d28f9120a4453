"""The way to the pages of a vote at the desk: which votes there are, and who gets to see a page of one."""

import json
from functools import wraps

from flask import render_template, url_for
from flask_login import login_required

from civic_forum.accounts.rules import Role
from civic_forum.kernel import policy
from civic_forum.kernel.errors import Denied
from civic_forum.kernel.i18n import _l
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..models import BallotBox
from ..policy.desk import may_issue_paper
from ..policy.observers import may_read_objections
from ..queries import boxes, papers
from ..services import closing
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


def question(box: BallotBox) -> str:
    return json.loads(box.definition)["question"]


def tabs(box: BallotBox, current: str) -> list[dict]:
    """What this person may do with a vote that was opened."""
    return [{"label": label, "url": url_for(f"ballots.{name}", box=box.id.hex()), "current": name == current}
            for name, permission, label in TABS if policy.can(visitor(), permission)]


def of_vote(box: BallotBox, current: str) -> dict:
    """What the head of every page here needs."""
    return {"box": box, "hex": box.id.hex(), "title": title(box), "tabs": tabs(box, current),
            "last_return": papers.last_return(box), "rehearsal": box.rehearsal}


def neighbourhoods_of(user) -> frozenset[int] | None:
    """Of which neighbourhoods a member of staff sees the paper; None: of all."""
    return None if user.has(Role.MODERATOR) else user.neighbourhood_ids()


@bp.get("/desk/votes")
@never_cached
@login_required
def votes_at_the_desk():
    """Votes that are under way, the one that closes first on top."""
    if (reason := may_issue_paper(visitor())) and may_read_objections(visitor()):
        raise Denied(reason)
    votes = []
    for box in papers.boxes_under_way():
        closing.close_if_due(box.id)
        votes.append(of_vote(boxes.by_id(box.id), ""))
    return render_template("ballots/votes_at_the_desk.html", votes=votes)
