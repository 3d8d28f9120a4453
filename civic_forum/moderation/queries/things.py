"""Things that acts, requests and signals are about, in a few words; hidden texts too, for those who decide about
them."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.agendas import objections
from civic_forum.agendas.models import AgendaLink, AuthorObjection, ProposalMerge
from civic_forum.budgets import hiding as projects
from civic_forum.comments.models import Comment
from civic_forum.forums import moderated
from civic_forum.kernel import rich_text
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.proposals.models import Proposal

from .reports import Reported, reported, reported_as

_COMMENT = re.compile(r"(?:/comments/|#comment-)([1-9][0-9]{0,17})")
_OBJECTION = re.compile(r"/(?:agendas|proposals)/[^#]+#objection-([1-9][0-9]{0,17})")
_FORUM = {moderated.QUESTION: re.compile(r"/forums/[^/]+/questions/([1-9][0-9]{0,17})"),
          moderated.MESSAGE: re.compile(r"/forums/[^/]+/chat/([1-9][0-9]{0,17})")}
_PROJECT = re.compile(r"/budgets/([a-z0-9-]{1,60})/projects/([A-Z0-9-]{1,20})")
_PROPOSAL = re.compile(r"/proposals/([0-9]{4}-[0-9]{4,9})")
WORDS = 200
SHOWN = ("comment", "proposal", "author_objection", "project", "user", *moderated.TABLES)


@dataclass(frozen=True)
class Thing:
    text: str
    url: str


def shown(things: Collection[tuple[str, int]]) -> dict[tuple[str, int], Thing]:
    """Words and address of each, in one statement for each kind. Only for moderators and for its author."""
    ids = {kind: [one for name, one in things if name == kind] for kind in SHOWN}
    found = {}
    if ids["comment"]:
        rows = db.session.execute(sa.select(Comment.id, Comment.html).where(Comment.id.in_(ids["comment"])))
        found |= {("comment", id_): Thing(rich_text.excerpt(html, WORDS), f"/comments/{id_}") for id_, html in rows}
    if ids["proposal"]:
        rows = db.session.execute(sa.select(Proposal.id, Proposal.title, Proposal.number)
                                  .where(Proposal.id.in_(ids["proposal"])))
        found |= {("proposal", id_): Thing(title, f"/proposals/{number}") for id_, title, number in rows}
    if ids["author_objection"]:
        rows = db.session.scalars(sa.select(AuthorObjection).where(AuthorObjection.id.in_(ids["author_objection"]))
                                  .options(joinedload(AuthorObjection.link).joinedload(AgendaLink.agenda),
                                           joinedload(AuthorObjection.merge).joinedload(ProposalMerge.merged)))
        found |= {("author_objection", one.id): Thing(objections.excerpt(one), objections.url(one)) for one in rows}
    if ids["project"]:
        found |= {("project", id_): Thing(*said) for id_, said in projects.described(ids["project"]).items()}
    for kind in moderated.TABLES:
        said = moderated.described(kind, ids[kind]) if ids[kind] else {}
        found |= {(kind, id_): Thing(text, url) for id_, (text, _name, _title, url) in said.items()}
    if ids["user"]:
        rows = db.session.execute(sa.select(User.id, User.nickname).where(User.id.in_(ids["user"])))
        found |= {("user", id_): Thing(name or _("탈퇴한 회원"), f"/desk/people/{id_}") for id_, name in rows}
    return found


def asked_about(about: str, address: str) -> Reported:
    """The public text that a form names, or that somebody has pasted the address of. Raises Refusal, NotFound."""
    nobody = AnonymousUserMixin()
    if about:
        return reported_as(about, nobody)
    if comment := _COMMENT.search(address):
        return reported("comment", int(comment[1]), nobody)
    if objection := _OBJECTION.search(address):
        return reported("author_objection", int(objection[1]), nobody)
    for kind, pattern in _FORUM.items():
        if said := pattern.search(address):
            return reported(kind, int(said[1]), nobody)
    if project := _PROJECT.search(address):
        return reported("project", projects.at(*project.groups()) or 0, nobody)
    proposal = _PROPOSAL.search(address)
    found = proposal and db.session.scalar(sa.select(Proposal.id).filter_by(number=proposal[1]))
    if not found:
        raise Refusal(_("글의 주소를 그대로 붙여 넣어 주세요. 제안이나 댓글 화면의 주소예요."), field="address")
    return reported("proposal", found, nobody)
