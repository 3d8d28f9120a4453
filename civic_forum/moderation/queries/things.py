"""Things that acts, requests and signals are about, in a few words; hidden texts too, for those who decide about
them."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from .queue import Reported, reported, reported_as
from .texts import texts

WORDS = 200


@dataclass(frozen=True)
class Thing:
    text: str
    url: str


def shown(things: Collection[tuple[str, int]]) -> dict[tuple[str, int], Thing]:
    """Words and address of each, in one statement for each kind. Only for moderators and for its author."""
    known = {}
    for name, (_kind, moderated) in texts().items():
        if ids := [id_ for of, id_ in things if of == name]:
            known |= {(name, id_): Thing(*columns) for id_, columns in moderated.described(ids).items()}
    if ids := [id_ for of, id_ in things if of == "user"]:
        rows = db.session.execute(sa.select(User.id, User.nickname).where(User.id.in_(ids)))
        known |= {("user", id_): Thing(name or _("탈퇴한 회원"), f"/desk/people/{id_}") for id_, name in rows}
    return known


def asked_about(about: str, address: str) -> Reported:
    """The public text that a form names, or that somebody has pasted the address of. Raises Refusal, NotFound."""
    nobody = AnonymousUserMixin()
    if about:
        return reported_as(about, nobody)
    for name, (_kind, moderated) in texts().items():
        if (text_id := moderated.at(address)) is not None:
            return reported(name, text_id, nobody)
    raise Refusal(_("글의 주소를 그대로 붙여 넣어 주세요. 제안이나 댓글 화면의 주소예요."), field="address")
