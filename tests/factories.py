"""People and papers, ready-made. Say only what the test is about."""

from datetime import datetime, timedelta, timezone
from hashlib import sha256
from itertools import count
from pathlib import Path
from runpy import run_path
from secrets import token_urlsafe

import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant, User, UserSession
from civic_forum.accounts.rules import Role
from civic_forum.comments.models import Thread
from civic_forum.attachments.models import AttachmentSet
from civic_forum.district.models import Audience, Category, Department, Neighbourhood, Reason
from civic_forum.journeys.models import Journey
from civic_forum.platform import clock
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.i18n import local
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Channel, State, number

MAY = datetime(2030, 5, 1, 9, tzinfo=timezone.utc)
_number = count(1001)  # so that no name begins with another one
REVISIONS = Path(__file__).parents[1] / "migrations/versions"


def _of_revision(name: str, rows: str) -> list[dict]:
    """Entries of a list that a site begins with, as its revision puts them there."""
    return [{"key": key, "position": place, "name_ko": korean, "words": {"en": english}}
            for place, (key, korean, english)
            in enumerate(run_path(str(REVISIONS / name))[rows], 1)]


CATEGORIES = _of_revision("0062_categories.py", "TEN")
REASONS = _of_revision("0065_reasons.py", "SEVEN")


def put_categories(*, empty: bool = False) -> None:
    """The categories and the reasons that a site begins with, where there are none (surely if `empty`)."""
    for model, entries in ((Category, CATEGORIES), (Reason, REASONS)):
        if empty or db.session.scalar(sa.select(model.id).limit(1)) is None:
            db.session.execute(sa.insert(model), [entry | {"earlier": []} for entry in entries])
    db.session.commit()


def count(table) -> int:
    """Rows that are there now."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def saved(record):
    db.session.add(record)
    db.session.commit()
    return record


def sized_up() -> None:
    """Let PostgreSQL see how much lies in its tables, as it does by itself within a minute; it plans by that."""
    if not is_sqlite():
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()


def signed_in(user: User) -> str:
    """A session of this user, as if they had signed in; returns the secret of its cookie."""
    secret = token_urlsafe(32)
    now = clock.now()
    saved(UserSession(secret_hash=sha256(secret.encode()).digest(), user_id=user.id, device="Firefox",
                      created_at=now, seen_on=local(now).date()))
    return secret


def signed_in_anew(*user_ids: int) -> None:
    """Let those of them, or of all, who have a role have signed in just now: sign-ins of staff end soon."""
    now = clock.now()
    staff = sa.select(RoleGrant.user_id).where(RoleGrant.user_id.in_(user_ids) if user_ids else sa.true())
    db.session.execute(sa.update(UserSession).where(UserSession.user_id.in_(staff)).values(
        created_at=now, seen_on=local(now).date(), proved_at=None))
    db.session.commit()


class Town:
    """The cast: visitor (None), user, resident, author, moderator, official, clerk, administrator."""

    def neighbourhood(self, name="시흥1동"):
        known = db.session.scalar(sa.select(Neighbourhood).filter_by(name_ko=name))
        return known or saved(Neighbourhood(position=next(_number), name_ko=name, words={"en": f"{name} (en)"}))

    def department(self, name="교통행정과"):
        known = db.session.scalar(sa.select(Department).filter_by(name_ko=name))
        return known or saved(Department(position=next(_number), name_ko=name, words={"en": f"{name} (en)"}))

    def audience(self, name="어르신"):
        known = db.session.scalar(sa.select(Audience).filter_by(name_ko=name))
        return known or saved(Audience(position=next(_number), name_ko=name, words={"en": f"{name} (en)"}))

    def user(self, **facts):
        """Somebody with an account who is not known to live, work or study here."""
        n = next(_number)
        name = facts.pop("sign_in_name", f"user{n:04d}")
        return saved(User(**{"sign_in_name": name, "sign_in_key": name, "nickname": f"이웃 {n}",
                             "created_at": clock.now(), "language": "ko"} | facts))

    def resident(self, **facts):
        return self.user(**{"is_resident": True} | facts)

    def staff(self, role: Role, *, department=None, neighbourhood=None, **facts):
        user = self.user(**facts)
        saved(RoleGrant(user_id=user.id, role=role, department_id=department and department.id,
                        neighbourhood_id=neighbourhood and neighbourhood.id, granted_at=clock.now()))
        db.session.refresh(user)
        return user

    def moderator(self, **facts):
        return self.staff(Role.MODERATOR, **facts)

    def official(self, **facts):
        return self.staff(Role.OFFICIAL, **{"department": self.department()} | facts)

    def clerk(self, **facts):
        return self.staff(Role.CLERK, **{"neighbourhood": self.neighbourhood()} | facts)

    def administrator(self, **facts):
        return self.staff(Role.ADMINISTRATOR, **facts)

    def proposal(self, **facts):
        """A proposal that gathers support since now, with thread, journey and set of attachments."""
        author = facts.pop("author", None) or self.resident()
        serial = next(_number)
        published = facts.pop("published_at", clock.now())
        made = published or facts.pop("created_at", clock.now())
        thread, journey, files = Thread(kind="proposal"), Journey(), AttachmentSet(kind="proposal")
        db.session.add_all([thread, journey, files])
        db.session.flush()
        text = "보도블록이 들떠서 유모차가 지나가기 어려워요."
        proposal = saved(Proposal(**{
            "number": number(made.year, serial), "year": made.year, "serial": serial,
            "state": State.GATHERING, "author_id": author.id, "channel": Channel.ONLINE,
            "category": "safety", "title": "골목길 보도블록을 고쳐 주세요", "problem": text,
            "wish": "들뜬 곳을 다시 깔아 주세요.", "problem_html": f"<p>{text}</p>", "excerpt": text,
            "wish_html": "<p>들뜬 곳을 다시 깔아 주세요.</p>", "created_at": made, "published_at": published,
            "gathering_ends_at": published and published + timedelta(days=20), "threshold": 20, "thread_id": thread.id,
            "journey_id": journey.id, "attachment_set_id": files.id} | facts))
        thread.owner_id = files.owner_id = proposal.id
        db.session.commit()
        return proposal
