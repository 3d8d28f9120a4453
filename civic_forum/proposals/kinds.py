"""Proposals as a kind of thing: discussed, with files, found, reported, told of."""

import re
from collections.abc import Callable, Collection

import sqlalchemy as sa

from civic_forum.blocks.kinds import Attached, Discussed, SearchResult
from civic_forum.attachments.queries import digest_of_picture
from civic_forum.blocks.moderated import Moderated, Passage, Surroundings
from civic_forum.blocks.public import Public
from civic_forum.blocks.sharing import Day, Preview
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l, day
from civic_forum.platform.rich_text import text_of

from . import extensions, labels, operations, policy
from .models import Proposal
from .queries import records
from .queries.listing import ProposalCard, of_ids
from .queries.records import READABLE
from .rules import DECIDABLE, TAKES_SUPPORT, State, numbers_in, state_now

ADDRESS = re.compile(r"/proposals/([0-9]{4}-[0-9]{4,9})(?![^#/]*#(?:comment|objection)-)")


def _why_not_read(actor, proposal: Proposal) -> str | None:
    return policy.may_read(actor, proposal) or policy.may_read_hidden(actor, proposal)


PUBLIC = Public(
    kind="proposal", model=Proposal, label=_l("제안"), place="proposals", name=Proposal.number, title=Proposal.title,
    text=Proposal.excerpt, words=lambda proposal: text_of(f"{proposal.problem_html} {proposal.wish_html}"),
    picture=digest_of_picture(Proposal.attachment_set_id), since=Proposal.published_at, where=(READABLE,),
    why_not_read=_why_not_read, missing=records.missing, named=records.numbered)


def _hit(card: ProposalCard) -> SearchResult:
    return SearchResult(f"/proposals/{card.number}", state=card.state, is_open=card.is_gathering, about=(
        card.neighbourhood_name or _("구 전체"), card.category_label, day(card.published_at),
        _("공감 %(count)s", count=f"{card.support_count:,}")))


def _find(_actor, proposal_id: int) -> Proposal | None:
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None or not policy.is_public(proposal) or proposal.hidden_at:
        return None
    return proposal


def _around(proposal: Proposal) -> Surroundings | None:
    if proposal.number is None:
        return None
    return Surroundings(proposal.title, f"/proposals/{proposal.number}", Passage(
        proposal.id, proposal.author.name, proposal.published_at or proposal.created_at,
        (proposal.problem_html, proposal.wish_html), hidden_rule=proposal.hidden_rule))


def _described(proposal_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(sa.select(Proposal.id, Proposal.title, Proposal.number)
                              .where(Proposal.id.in_(proposal_ids)))
    return {id_: (title, f"/proposals/{number}") for id_, title, number in rows}


def _at(address: str) -> int | None:
    match = ADDRESS.search(address)
    return db.session.scalar(sa.select(Proposal.id).filter_by(number=match[1])) if match else None


def _why_not_decided(proposal: Proposal) -> str | None:
    if proposal.state is State.WITHDRAWN:
        return _("제안한 사람이 거둔 제안이라 결과를 쓰지 않아요.")
    if proposal.state is State.MERGED:
        return _("다른 제안과 합쳐졌어요. 이어 가는 제안에 결과를 써 주세요.")
    if not policy.is_public(proposal):
        return _("아직 공개하지 않은 제안이에요.")
    if proposal.hidden_at is not None:
        return _("운영 원칙에 따라 가린 제안이에요.")
    if proposal.state is State.IN_AGENDA:
        return _("의제로 논의하고 있는 제안이에요. 의제의 결과로 써 주세요.")
    return None if proposal.state in DECIDABLE else _("먼저 부서 답변을 공개해 주세요. 그 뒤에 결과를 쓸 수 있어요.")


def _first(answers: list) -> object:
    return answers[0] if answers else None


def _preview(row: sa.Row, begin: Callable[..., Preview]) -> Preview:
    state = state_now(row.state, row.gathering_ends_at, clock.now())
    left = max(row.threshold - row.support_count, 0)
    gathers = state is State.GATHERING and left > 0
    takes = state in TAKES_SUPPORT
    until = row.gathering_ends_at if state is State.GATHERING else None
    return begin(
        figure=f"{row.support_count:,}" if takes else str(labels.STATE[state]),
        beside="" if not takes else _("/ %(count)s명", count=f"{row.threshold:,}") if gathers else _("명 공감"),
        sentence=_("%(count)s명만 더 공감하면 구청이 답해요.", count=f"{left:,}") if gathers else str(
            labels.SHARED.get(state, labels.SHARED_STILL)),
        missing=_("%(count)s명만 더", count=f"{left:,}") if gathers else "",
        goal=_("%(count)s명이 공감하면 구청이 답해요.", count=f"{row.threshold:,}") if gathers else "",
        of=(row.support_count, row.threshold) if gathers else None, until=until,
        act=_("비추고 공감하기") if takes else _("비추고 읽어 보기"),
        days=(Day("support", _("공감 마감: %(title)s", title=row.title), until),) if until else ())


PROPOSAL = PUBLIC.register(
    Discussed(why_not_write=policy.may_comment, titles=PUBLIC.titles),
    Attached(sets="proposal", why_not_read=_why_not_read),
    PUBLIC.searched(of_ids, _hit, place=10, number=Proposal.number, numbers_in=numbers_in),
    Moderated(find=_find, excerpt=lambda proposal: proposal.title, author=Proposal.author_id,
              words=Proposal.title, around=_around, locked=operations.locked,
              put_hidden=operations.put_hidden, described=_described, at=_at),
    PUBLIC.told(lambda reader_id: Proposal.author_id == reader_id, READABLE),
    PUBLIC.shared(_preview, Proposal.state, Proposal.support_count, Proposal.threshold, Proposal.gathering_ends_at,
                  where=(Proposal.state.not_in((State.WITHDRAWN, State.MERGED)),)),
    PUBLIC.decidable(
        about=_l("제안의 결과"), order=30, locked=records.locked, why_not_read=policy.may_read,
        why_not_yet=_why_not_decided, department_id=lambda proposal: _first(extensions.IN_HAND.ask(proposal.id)),
        proposals=lambda id_: sa.select(Proposal.id).where(Proposal.id == id_),
        votes=lambda proposal: [vote for votes in extensions.VOTES.ask(proposal.id) for vote in votes],
        grouped=lambda proposal: _first(extensions.GROUPED.ask(proposal.id)),
        moves=lambda _work, _proposal, held: set(held)))
