"""Petitions as a kind: discussed, reported, told of, decided."""

import re

import sqlalchemy as sa

from civic_forum.blocks.kinds import Discussed
from civic_forum.blocks.moderated import Moderated, Passage, Surroundings
from civic_forum.blocks.public import Public
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound

from .models import Petition
from .policy import may_comment, may_read
from .process import find, locked

ADDRESS = re.compile(r"/petitions/([a-z0-9-]+)(?![^#]*#comment-)")
PUBLIC = Public(
    kind="petition", model=Petition, label="청원", place="petitions", name=Petition.slug, title=Petition.title,
    since=Petition.announced_at, where=(Petition.hidden_at.is_(None),), why_not_read=may_read,
    missing=lambda: NotFound("이런 청원은 없어요."), named=find)


def _of(ids):
    return db.session.scalars(sa.select(Petition).where(Petition.id.in_(ids)).order_by(Petition.id))


def _around(petition):
    return Surroundings(petition.title, f"/petitions/{petition.slug}", Passage(
        petition.id, petition.author.name, petition.announced_at, (petition.demand_html, petition.reason),
        hidden_rule=petition.hidden_rule))


def _at(address):
    found = ADDRESS.search(address)
    return db.session.scalar(sa.select(Petition.id).filter_by(slug=found[1])) if found else None


PETITION = PUBLIC.register(
    Discussed(why_not_write=may_comment, titles=PUBLIC.titles),
    PUBLIC.told(lambda _reader: sa.false(), PUBLIC.readable),
    Moderated(find=lambda _actor, id_: db.session.scalar(
                  sa.select(Petition).where(Petition.id == id_, PUBLIC.readable)),
              excerpt=PUBLIC.title_of, author=Petition.author_id, words=Petition.title, around=_around, at=_at,
              described=lambda ids: {one.id: (one.title, PUBLIC.url(one)) for one in _of(ids)}),
    PUBLIC.decidable(about="청원의 결과", order=90, locked=locked, why_not_yet=lambda one: may_comment(None, one)))
