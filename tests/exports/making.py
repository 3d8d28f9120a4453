"""A district with a row for every table that can be taken out."""

import csv
import io
from datetime import date, timedelta

import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import residency
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making
from civic_forum.agendas.services.making import Wording
from civic_forum.answers.models import FormalFiling
from civic_forum.answers.personal_data import sealed
from civic_forum.district.models import Department
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.moderation.models import ModerationAction
from civic_forum.moderation.rules import ActionKind
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import Decision
from tests import factories
from tests.answers.making import on_the_table, published
from tests.forums.scene import announced_forum
from tests.intake.making import checked

NAME, CONTACT = "홍길순", "010-0000-0000"
MARK = "HYPERLINK"
KEPT = {"slug", "number", "sign_in_name", "sign_in_key", "kind", "about_kind", "subject_kind", "role", "rule",
        "channel", "key", "language", "step", "once", "link", "state", "subject_id", "device", "document", "version"}
"""Texts that are no free words: addresses, numbers, codes."""


def everything(town):
    """Returns the official whose department leads, and the proposal."""
    official, second, moderator = town.official(), town.official(), town.moderator()
    proposal = on_the_table(town, official, neighbourhood_id=town.neighbourhood().id)
    published(proposal, official, second)
    filed = on_the_table(town, official, title="정류장에 의자를 놓아 주세요")
    factories.saved(FormalFiling(proposal_id=filed.id, name_sealed=sealed(NAME), contact_sealed=sealed(CONTACT),
                                 at=clock.now()))
    agenda = making.begin("alley", Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=moderator)
    grouping.group(agenda.id, [town.proposal().id], Relation.CORE, "같은 골목의 이야기예요.", by=moderator)
    making.publish(agenda.id, by=moderator)
    factories.saved(ModerationAction(kind=ActionKind.HIDE, subject_kind="comment", subject_id=1, rule="abuse",
                                     reason="욕설이 있어요.", by_id=moderator.id, role="moderator", at=clock.now()))
    outcome(official)
    over = clock.now() - timedelta(days=9)
    forum = announced_forum(town, starts_at=over - timedelta(hours=2), ends_at=over,
                            announced_at=over - timedelta(days=9))
    forum.opened_at = forum.closed_at = over
    checked(town, "시장 뒷길 가로등이 꺼졌어요")
    residency.verify(town.user(), Identity(NAME, date(1950, 3, 1)), evidence=Evidence.RESIDENT_CARD,
                     affiliations={AffiliationKind.LIVE: town.neighbourhood().id}, by=town.clerk())
    return official, filed


def outcome(official, **given):
    known = {column.name for column in Outcome.__table__.columns}
    facts = {"subject": "proposal", "subject_id": 1, "decision": Decision.DECIDED, "title": "의자를 놓아요",
             "reasons": "필요해요.", "what_follows": "봄에 놓아요.", "cost": 740, "decided_on": date(2026, 5, 1),
             "written_by_id": official.id, "department_id": min(official.department_ids()),
             "published_at": clock.now(), "state": "published", "written_at": clock.now()} | given
    return factories.saved(Outcome(**{name: value for name, value in facts.items() if name in known}))


def spoil(text: str) -> None:
    """Put this text into every free text of the database, past every form."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (sa.String, sa.Text)) and not isinstance(column.type, sa.Enum) and (
                    column.name not in KEPT and not column.foreign_keys and not column.primary_key
                    and not any(column.name in one.columns for one in table.constraints
                                if isinstance(one, sa.UniqueConstraint))):
                short = text[:column.type.length or 300]
                db.session.execute(table.update().values({column.name: short}))
    db.session.execute(sa.update(Department).values(name_ko=text))
    db.session.commit()


def rows(answer) -> list[list[str]]:
    text = answer.data.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
