"""The list of petitions and its downloads, notices, and the desk."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.rules import Role
from civic_forum.blocks.listing import Column, Listing, declare
from civic_forum.blocks.orders import Order
from civic_forum.exports.tables import TABLES
from civic_forum.exports.tables.table import Table
from civic_forum.feeds import views as feeds
from civic_forum.feeds.atom import Feed, Item
from civic_forum.notifications import labels, told
from civic_forum.notifications.rules import NoticeKind
from civic_forum.platform.paging import EPOCH
from civic_forum.platform.waiting import DeskLine, DeskWork, WORK

from .events import PetitionAnnounced
from .kinds import PUBLIC
from .models import Petition, Reply

PETITIONS = declare(Listing(
    "petitions", lambda: PUBLIC.rows(Petition.id, Petition.slug, Petition.title, Petition.announced_at).where(
        PUBLIC.readable),
    endpoint="petitions.show_list", orders=(Order("new", None, (Petition.announced_at.desc(), Petition.id.desc())),),
    columns=(Column("slug", "주소", "청원 주소의 끝"), Column("title", "제목", "청원의 제목"),
             Column("announced_at", "알린 때", "모두에게 알린 때", type="moment"))))
TABLES["petitions"] = Table(PETITIONS, "청원", "모두에게 알린 청원", lambda *_given: None)


def petitions() -> Feed:
    rows = PETITIONS.of().page(limit=30).items
    return Feed("/feeds/petitions.atom", "/petitions", "청원", [
        Item(f"/petitions/{one.slug}", f"petition/{one.slug}", one.title, one.title, one.announced_at, one.announced_at)
        for one in rows], EPOCH)


feeds.feed("/petitions.atom", petitions)
labels.STEP["petition_announced"] = "청원이 시작됐어요."
told.register([told.Told(
    PetitionAnnounced,
    [told.To(NoticeKind.DUTY, lambda _case: sa.select(RoleGrant.user_id).filter_by(role=Role.OFFICIAL))],
    "petition_announced", told.About("petition:{petition.id}", "/petitions/{petition.slug}"),
    "petition:{petition.id}")])
WORK["petitions.reply"] = DeskWork(
    "petitions.reply", "청원에 답하기", lambda _staff: sa.select(
        Petition.id, Petition.announced_at.label("due"), Petition.slug.label("ref"), Petition.title.label("title"),
        sa.null().label("note")).where(PUBLIC.readable, ~sa.exists().where(Reply.petition_id == Petition.id)),
    lambda found: [DeskLine(f"/petitions/{one.ref}", one.title) for one in found], within=timedelta(days=3))
