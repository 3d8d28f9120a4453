"""A small model whose text another person approves."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import same_person
from civic_forum.blocks.approval import Approval
from civic_forum.blocks.approval_models import Stage
from civic_forum.blocks.approval_rights import AnotherPerson, ApprovalRights
from civic_forum.platform.base import Instant, db, enum_of
from civic_forum.platform.errors import Refusal

WHY = "키를 잘못 적었어요."


class Leaf(StrEnum):
    WIDE = "wide"
    NEEDLE = "needle"


class Half(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class Base(DeclarativeBase):
    """Tables apart from those of the site."""

    type_annotation_map = {datetime: Instant()}


class Tree(Base):
    __tablename__ = "tree"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    state: Mapped[Stage] = mapped_column(enum_of(Stage, "state"))
    version: Mapped[int]
    text: Mapped[str]
    text_html: Mapped[str] = mapped_column(default="")
    leaf: Mapped[Leaf | None] = mapped_column(enum_of(Leaf, "leaf"))
    planted_on: Mapped[date]
    names: Mapped[list] = mapped_column(sa.JSON)
    written_by_id: Mapped[int]
    written_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    sent_back_why: Mapped[str | None]
    approved_by_id: Mapped[int | None]
    published_at: Mapped[datetime | None]
    correction: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))


class TreeVersion(Base):
    __tablename__ = "tree_version"

    tree_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    details: Mapped[dict] = mapped_column(sa.JSON)
    why: Mapped[str | None]
    by_id: Mapped[int]
    at: Mapped[datetime]


class Hedge(Base):
    """Neither sent back nor awaited."""

    __tablename__ = "hedge"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[Half] = mapped_column(enum_of(Half, "state"))
    text: Mapped[str]


class HalfTree(Base):
    """All but a state in which it waits."""

    __table__ = sa.Table("half_tree", Base.metadata, *(
        sa.Column("state", enum_of(Half, "state")) if one.name == "state" else one._copy() for one in Tree.__table__.c))


@dataclass(frozen=True)
class TreeText:
    text: str
    leaf: Leaf | None
    planted_on: date
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    number: int
    tree: Tree | None


@dataclass(frozen=True)
class Fact:
    name: str
    tree_id: int


facts: list[Fact] = []
"""As they were told."""


def fact(name):
    def made(tree):
        facts.append(Fact(name, tree.id))
        return facts[-1]

    return made


def locked(number):
    return Place(number, db.session.scalar(sa.select(Tree).filter_by(place=number).with_for_update()))


def held(tree_id):
    tree = db.session.get_one(Tree, tree_id, with_for_update=True)
    return Place(tree.place, tree), tree


def complete(text, _place):
    if not text.text:
        raise Refusal("Nothing is said.", field="text")


def write(tree, text):
    tree.text, tree.leaf, tree.planted_on, tree.names = text.text, text.leaf, text.planted_on, list(text.names)


def why_not_draft(_actor, place):
    return "It waits." if place.tree and place.tree.state is not Stage.DRAFT else None


ANOTHER = AnotherPerson(same=same_person, is_asked=lambda: True, refusal="Somebody else approves it.")
RIGHTS = ApprovalRights(
    name="trees", another=ANOTHER, needs=lambda _actor, _place: None, draft=lambda place: place.tree,
    needs_own=lambda _actor, tree: None if tree.published_at else "It is not public.", none_waits="None waits.",
    writer=lambda tree: db.session.get(User, tree.correction["by_id"] if tree.correction else tree.written_by_id))
TREES = Approval(
    rights=RIGHTS, may_write=why_not_draft, model=Tree, text=TreeText, versions=TreeVersion, details="details",
    kept=("leaf", "planted_on", "names"), kept_apart=("text",), rendered=("text",), notes_submission=True,
    why_least=5, why_most=20, sent_back_most=30,
    locked=locked, held=held, begin=lambda _work, place: Tree(place=place.number), check=lambda text: text,
    check_complete=complete, write=write, on_published=lambda *_given: None, on_corrected=lambda *_given: None,
    submitted=fact("submitted"), correction_submitted=fact("correction"), sent_back=fact("sent back"),
    published=fact("published"), changed="Somebody changed it.", audited=lambda tree: (f"tree:{tree.id}", {}))
ALONE = replace(TREES, rights=replace(RIGHTS, another=replace(ANOTHER, is_asked=lambda: False)))
"""By a setting that asks for nobody else."""
LATE = replace(TREES, keeps_first=False)
OAK = TreeText("참나무를 심어요.", Leaf.WIDE, date(2027, 3, 1), ("참나무", "도토리"))
PINE = replace(OAK, text="소나무를 심어요.", leaf=Leaf.NEEDLE, planted_on=date(2027, 4, 5), names=())


def versions(tree):
    return list(db.session.scalars(sa.select(TreeVersion).filter_by(tree_id=tree.id).order_by(TreeVersion.version)))


def published(approval, writer, second, place=1):
    approval.submit(place, OAK, seen=0, by=writer)
    return approval.approve(place, seen=1, by=second)
