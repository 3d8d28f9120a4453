"""Petitions as a kind: discussed, reported, told of, decided."""

import re

import sqlalchemy as sa

from civic_forum.blocks.kinds import Decidable, Discussed, Kind, Told, register
from civic_forum.blocks.moderated import Moderated, Passage, Surroundings
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound

from .models import Petition
from .policy import may_comment, may_read
from .process import find, locked

ADDRESS = re.compile(r"/petitions/([a-z0-9-]+)(?![^#]*#comment-)")
PUBLIC = sa.and_(Petition.announced_at.is_not(None), Petition.hidden_at.is_(None))


def _of(ids):
    return db.session.scalars(sa.select(Petition).where(Petition.id.in_(ids)).order_by(Petition.id))


def _around(petition):
    return Surroundings(petition.title, f"/petitions/{petition.slug}", Passage(
        petition.id, petition.author.name, petition.announced_at, (petition.demand_html, petition.reason),
        hidden_rule=petition.hidden_rule))


def _at(address):
    found = ADDRESS.search(address)
    return db.session.scalar(sa.select(Petition.id).filter_by(slug=found[1])) if found else None


PETITION = register(Kind(
    "petition", Petition, label="청원", title=lambda one: one.title, url=lambda one: f"/petitions/{one.slug}",
    why_not_read=may_read, missing=lambda: NotFound("이런 청원은 없어요."), named=find, capabilities=(
        Discussed(why_not_write=may_comment, titles=lambda ids: {one.id: one.title for one in _of(ids)}),
        Told(lambda ids, _reader: sa.select(sa.literal("petition"), Petition.id, Petition.title).where(
            Petition.id.in_(ids), PUBLIC)),
        Moderated(find=lambda _actor, id_: db.session.scalar(sa.select(Petition).where(Petition.id == id_, PUBLIC)),
                  excerpt=lambda one: one.title, author=Petition.author_id, words=Petition.title,
                  around=_around, at=_at,
                  described=lambda ids: {one.id: (one.title, f"/petitions/{one.slug}") for one in _of(ids)}),
        Decidable(place="petitions", about="청원의 결과", order=90, by=Petition.slug, locked=locked,
                  why_not_read=may_read, began=lambda one: one.announced_at,
                  why_not_yet=lambda one: may_comment(None, one)))))
