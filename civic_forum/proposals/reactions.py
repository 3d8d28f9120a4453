"""Registrations of proposals with the rest of the site, and reactions to changes of others."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from civic_forum.accounts.events import PersonVerified
from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.accounts.queries import users
from civic_forum.blocks import sections
from civic_forum.blocks.extensions import ME
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.comments.events import CommentChanged, CommentRemoved, CommentsHidden, CommentsShown, CommentWritten
from civic_forum.comments.models import Thread
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.district.rules import DistrictList
from civic_forum.platform import hooks, jobs
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import DeskEntry, DeskLine, DeskWork, ENTRIES, WORK, Waiting
from civic_forum.search import operations as search

from . import operations, personal_data
from .events import ProposalEdited, ProposalPublished, ProposalsHidden, ProposalsShown
from .kinds import PROPOSAL, PUBLIC
from .models import Proposal
from .queries import drafts, listing, records
from .queries.drafts import held_due
from .queries.records import readable
from .services import drafts as services
from .rules import State
from .services import publication, supports

KIND = PROPOSAL.name
CHECKED_WITHIN = timedelta(days=2)
"""How long a proposal may be held for a check."""


search.follow(PUBLIC, "proposal_id", ProposalPublished, ProposalEdited)


@hooks.on(ProposalsHidden)
def forget_texts(fact: ProposalsHidden, session) -> None:
    search.remove_all(session, KIND, fact.proposal_ids)


@hooks.on(ProposalsShown)
def make_findable_again(fact: ProposalsShown, session) -> None:
    search.put_all(session, [(KIND, proposal.id, proposal.title, PUBLIC.words(proposal), proposal.published_at)
                             for proposal in readable(fact.proposal_ids)])


@hooks.on(CommentWritten)
@hooks.on(CommentChanged)
@hooks.on(CommentRemoved)
def count_comments(fact, session) -> None:
    _count_comments(session, Proposal.thread_id == fact.thread_id)


@hooks.on(CommentsHidden)
@hooks.on(CommentsShown)
def count_comments_again(fact, session) -> None:
    _count_comments(session, Proposal.thread_id.in_(fact.thread_ids))


def _count_comments(session, which) -> None:
    """Keep the number of comments beside the proposal, where lists sort by it."""
    counted = sa.select(Thread.comment_count).where(Thread.id == Proposal.thread_id).scalar_subquery()
    session.execute(sa.update(Proposal).where(which).values(comment_count=counted))


@hooks.on(PersonVerified)
def count_once(fact: PersonVerified, session) -> None:
    operations.count_once(session, session.get_one(User, fact.user_id))


MOST_OWN = 20
"""Of each list on one's own page."""


def own_drafts(user: User) -> dict | None:
    count = drafts.draft_count(user)
    return {"label": _("쓰던 글"), "url": "/proposals/drafts", "total": count} if count else None


def own_proposals(user: User) -> dict:
    return sections.kept_for_one(_proposals, user.id)


def own_supports(user: User) -> dict:
    return sections.kept_for_one(_supports, user.id)


def _proposals(user_id: int) -> dict:
    cards = listing.of_author(users.by_id(user_id), {})
    return {"label": _("낸 제안"), "key": "proposals", "place": 10, "total": len(cards),
            "items": _listed(cards[:MOST_OWN]), "more": ("/proposals/mine", _("내 제안과 소식 받는 제안 보기"))}


def _supports(user_id: int) -> dict:
    user = users.by_id(user_id)
    cards = listing.supported_by(user, MOST_OWN)
    total = records.support_count(user) if len(cards) == MOST_OWN else len(cards)
    return {"label": _("공감한 제안"), "key": "supports", "place": 20, "total": total, "items": _listed(cards)}


def _listed(cards: list[listing.ProposalCard]) -> list[tuple[str, str, str]]:
    return [(card.title, f"/proposals/{card.number}", card.state_label) for card in cards]


@jobs.every(minutes=5, name="proposals.lapse")
def lapse() -> int:
    return publication.lapse_due()


@jobs.every(60, "supports of verified people", at_start=True)
def mark_supports() -> int:
    return supports.mark_supports(current_app.config["RETAIN_ROLLS_DAYS"])


@jobs.keep_for("RETAIN_ROLLS_DAYS", "marks of supporters")
def forget_marks(days: int) -> int:
    return supports.forget_marks(days)


@jobs.keep_for("RETAIN_DRAFTS_DAYS", "drafts")
def forget_drafts(days: int) -> int:
    return services.throw_away_old_drafts(days)


def held_lines(proposals: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/held?number={proposal.ref}", proposal.title, (proposal.ref,)) for proposal in proposals]


MENU["proposals"] = Navigation(_l("제안"), "proposals.index", 10, "proposals")
ENTRIES["proposals.held"] = DeskEntry("proposals.check", _l("확인을 기다리는 제안"), "proposals.held")
WORK["proposals.held"] = DeskWork("proposals.check", _l("제안 확인"), held_due, held_lines, within=CHECKED_WITHIN)
PERSONAL_DATA["proposals"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)
OPEN_WORK |= {name + suffix: Moving(label=label, model=Proposal, list=of, column=column, is_open=(
    Proposal.state.in_(states),)) for of, column, suffix in (
    (DistrictList.CATEGORIES, Proposal.category, ""),
    (DistrictList.NEIGHBOURHOODS, Proposal.neighbourhood_id, "_there"),
    (DistrictList.AUDIENCES, Proposal.audiences, "_for_them")) for name, label, states in (
    ("drafts", _l("쓰고 있거나 확인을 기다리는 제안"), (State.DRAFT, State.HELD)),
    ("gathering", _l("공감을 모으는 제안"), (State.GATHERING,)))}
ME.add(own_drafts)
ME.add(own_proposals)
ME.add(own_supports)
