"""Share of cards and comments that come from what is kept while people write."""

from itertools import cycle, islice

import sqlalchemy as sa

import config
from civic_forum.accounts.models import User
from civic_forum.app import create_app
from civic_forum.comments import services
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal

from .districts import Districts
from .figures import Figure
from .pages import LISTS, MANY, long_page

SECONDS, POSTS, PAGES = 30, 5, 10
"""Posts and pages of each second; the clock is not waited for."""
FRAME = "frame/"


def fragments(districts: Districts) -> list[Figure]:
    """Comments are written below what the pages show, which changes its card: the worst that can be written."""
    data = districts.of(MANY)
    detail = long_page(data)
    app = create_app(config.load(DATA=str(data), PAGE_CACHE=False, LIMIT_ADDRESS=10**9))
    shown = Shown(app)
    with app.app_context():
        people, threads = cycle(_people()), cycle(_threads(detail))
        client, urls = app.test_client(), cycle([*LISTS.values(), detail])
        for url in islice(urls, len(LISTS) + 1):
            client.get(url)
        shown.forget()
        for number in range(SECONDS * PAGES):
            if number % (PAGES // POSTS) == 0:
                services.write(next(threads), stance=Stance.NOTE, text=f"{number}번째로 쓴 의견이에요.",
                               by=db.session.get_one(User, next(people)))
                db.session.remove()
            assert client.get(next(urls)).status_code == 200
        db.engine.dispose()
    return [Figure(f"cards and comments kept while {POSTS} posts a second arrive", shown.percent, "%", "≥ 80")]


class Shown:
    """Counts what pages show, and what of it had to be rendered."""

    def __init__(self, app):
        self.of_pages, self.kept = app.jinja_env.globals["cached_fragment"], app.extensions["fragments"]
        app.jinja_env.globals["cached_fragment"] = self
        self.forget()

    def forget(self) -> None:
        """Count from here on."""
        self.begun, self.of_frame = self.kept.cache_info(), 0

    def __call__(self, template: str, *facts):
        self.of_frame += template.startswith(FRAME)
        return self.of_pages(template, *facts)

    @property
    def percent(self) -> float:
        """Those of the frame, which never change, left out."""
        now = self.kept.cache_info()
        kept, rendered = now.hits - self.begun.hits - self.of_frame, now.misses - self.begun.misses
        return round(100 * kept / (kept + rendered), 1)


def _people() -> list[int]:
    return list(db.session.scalars(sa.select(User.id).where(User.is_resident, User.left_at.is_(None)).limit(50)))


def _threads(detail: str) -> list[int]:
    """The threads of the newest proposals, and as often that of the page with the most comments."""
    newest = db.session.scalars(
        sa.select(Proposal.thread_id).where(Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
        .order_by(Proposal.published_at.desc()).limit(10))
    longest = db.session.scalars(sa.select(Proposal.thread_id).filter_by(number=detail.rsplit("/", 1)[1])).one()
    return [thread for one in newest for thread in (one, longest)]
