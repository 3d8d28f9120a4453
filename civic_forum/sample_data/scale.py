"""Many more proposals, comments and users than any district has, for measuring.

Rows are true to each other (counters, serials, supports, journey, search index); texts are
put together from the sample's own, at most BODIES rendered ones.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from civic_forum.accounts.models import User
from civic_forum.attachments.models import AttachmentSet
from civic_forum.comments.models import Comment, Thread
from civic_forum.comments.rules import Stance
from civic_forum.district import queries as district
from civic_forum.journeys.models import Journey, JourneyEntry
from civic_forum.platform import rich_text
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations
from civic_forum.search.operations import put_many
from civic_forum.proposals.models import Proposal, ProposalSerial, ProposalVersion, Support
from civic_forum.proposals.rules import Channel, State, number

BODIES = 2_000
BATCH = 20_000
COMMENTS_EACH = 10
MOST_COMMENTS = 200
"""The first of the added proposals has so many, for measuring a long page; the next ones have fewer."""
RARE = "반딧불이"
"""Stands in ten of the added titles, however many are added."""
FREQUENT = "주차"
"""Stands in half of the added texts."""
SUPPORTS = (0, 0, 1, 1, 2, 2, 3, 4, 6, 11)
THINGS = ("골목 가로등", "마을버스 정류장", "놀이터 그늘막", "하수구 덮개", "자전거 보관대", "경로당 계단", "공원 화장실",
          "횡단보도 신호", "도서관 열람실", "재활용 수거함", "학교 앞 울타리", "시장 입구 경사로")
ASKS = ("고쳐 주세요", "하나 더 놓아 주세요", "밤에도 열어 주세요", "자리를 옮겨 주세요", "함께 돌봐요", "다시 살펴봐 주세요")
PLACES = ("역 앞", "시장 옆", "초등학교 뒤", "하천 다리 밑", "언덕길", "주민센터 앞", "오래된 아파트 사이")
STATES = (*[State.LAPSED] * 6, State.ANSWERED, State.ANSWERED, State.DONE, State.GATHERING)
Text = tuple[str, str, str]


def add(count: int, proposals: list[dict], comments: list[dict]) -> None:
    """Add `count` proposals, COMMENTS_EACH times as many comments and half as many users.

    `proposals` and `comments` are the sample's texts, of which new ones are made.
    """
    with use_case(None) as work:
        people = _users(count // 2 or 1, work.at)
        first = _next_id(Proposal)
        maker = _Maker(Random(count), people, work.at, _bodies(proposals), _remarks(comments))
        _insert(Thread, ({"id": maker.thread(n), "kind": "proposal", "owner_id": first + n,
                          **maker.tally(n, count)} for n in range(count)))
        _insert(Journey, ({"id": maker.journey(n)} for n in range(count)))
        _insert(AttachmentSet, ({"id": maker.files(n), "kind": "proposal", "owner_id": first + n}
                                for n in range(count)))
        _insert(Proposal, (maker.proposal(first, n, count) for n in range(count)))
        _insert(ProposalVersion, (maker.version(first, n, count) for n in range(count)))
        _insert(JourneyEntry, (maker.registered(n) for n in range(count)))
        _insert(Support, (row for n in range(count) for row in maker.supports(first, n)))
        ids = iter(range(_next_id(Comment), 2**62))
        _insert(Comment, (row for n in range(count) for row in maker.comments(n, count, ids)))
        _save_serials(maker.serials)
        put_many(db.session, maker.findable(first, count))
        _count_on(User, Thread, Journey, JourneyEntry, AttachmentSet, Proposal, Comment)
        work.record("sample_data.scaled", "district:1", proposals=count)
    _refresh_statistics()


class _Maker:
    """Rows of the added proposals, each from its number, the same at every call."""

    def __init__(self, random: Random, people: range, now: datetime, bodies: list[Text], remarks: list[Text]):
        self.people, self.now, self.bodies, self.remarks = people, now, bodies, remarks
        self.categories = list(district.open_categories())
        self.places = [entry.id for entry in district.neighbourhoods()] or [None]
        self.first_thread, self.first_journey = _next_id(Thread), _next_id(Journey)
        self.first_files = _next_id(AttachmentSet)
        self.serials = {row.year: row.last for row in db.session.scalars(sa.select(ProposalSerial))}
        self.step = random.randrange(1, 10_000) * 2 + 1
        self.dates: dict[int, datetime] = {}

    def thread(self, n: int) -> int:
        return self.first_thread + n

    def journey(self, n: int) -> int:
        return self.first_journey + n

    def files(self, n: int) -> int:
        return self.first_files + n

    def state(self, n: int) -> State:
        return STATES[n % len(STATES)]

    def published(self, n: int) -> datetime:
        if self.state(n) is State.GATHERING:
            return self.now - timedelta(days=1, minutes=(n * self.step) % (18 * 24 * 60))
        return self.now - timedelta(days=60 + (n * self.step) % 2000, seconds=(n * 7919) % 86400)

    def title(self, n: int, count: int) -> str:
        words = [PLACES[n // 7 % len(PLACES)], THINGS[n % len(THINGS)], ASKS[n // 3 % len(ASKS)]]
        if n % max(count // 10, 1) == 0 and n // max(count // 10, 1) < 10:
            words.insert(0, RARE)
        return " ".join(words)

    def author(self, n: int) -> int:
        return self.people[n % len(self.people)]

    def comment_count(self, n: int, count: int) -> int:
        extra = MOST_COMMENTS - COMMENTS_EACH
        if count * COMMENTS_EACH <= MOST_COMMENTS:
            return COMMENTS_EACH
        if n == 0:
            return MOST_COMMENTS
        return 0 if n <= extra // COMMENTS_EACH else COMMENTS_EACH

    def tally(self, n: int, count: int) -> dict[str, int]:
        stances = [_stance(position) for position in range(self.comment_count(n, count))]
        return {"comment_count": len(stances)} | {f"{stance}_count": stances.count(stance) for stance in Stance}

    def proposal(self, first: int, n: int, count: int) -> dict:
        published = self.published(n)
        year = local(published).year
        serial = self.serials[year] = self.serials.get(year, 0) + 1
        problem, html, _plain = self.bodies[n % len(self.bodies)]
        wish = "한 번 와서 보고 정해 주세요."
        supports = SUPPORTS[n % len(SUPPORTS)] if len(self.people) >= 12 else 0
        return {
            "id": first + n, "number": number(year, serial), "year": year, "serial": serial, "state": self.state(n),
            "author_id": self.author(n), "channel": Channel.ONLINE, "language": "ko",
            "category": self.categories[n % len(self.categories)],
            "neighbourhood_id": self.places[n // 2 % len(self.places)], "title": self.title(n, count),
            "problem": problem, "problem_html": html, "wish": wish, "wish_html": f"<p>{wish}</p>",
            "excerpt": rich_text.excerpt(html), "version": 1, "created_at": published, "published_at": published,
            "gathering_ends_at": published + timedelta(days=20), "threshold": 20, "support_count": supports,
            "resident_support_count": 0, "comment_count": self.comment_count(n, count), "follower_count": 0,
            "thread_id": self.thread(n), "journey_id": self.journey(n), "attachment_set_id": self.files(n),
        }

    def version(self, first: int, n: int, count: int) -> dict:
        problem, _html, _plain = self.bodies[n % len(self.bodies)]
        return {"proposal_id": first + n, "version": 1, "title": self.title(n, count), "problem": problem,
                "wish": "한 번 와서 보고 정해 주세요.", "edited_by_id": self.author(n), "at": self.published(n)}

    def registered(self, n: int) -> dict:
        return {"journey_id": self.journey(n), "step": "registered", "once": "registered",
                "at": self.published(n), "details": {}}

    def supports(self, first: int, n: int) -> Iterator[dict]:
        for turn in range(SUPPORTS[n % len(SUPPORTS)] if len(self.people) >= 12 else 0):
            yield {"proposal_id": first + n, "user_id": self.author(n + turn + 1), "as_resident": False,
                   "at": self.published(n) + timedelta(hours=turn + 1)}

    def comments(self, n: int, count: int, ids: Iterator[int]) -> Iterator[dict]:
        for position in range(self.comment_count(n, count)):
            source, html, _plain = self.remarks[(n * 3 + position) % len(self.remarks)]
            yield {"id": next(ids), "thread_id": self.thread(n), "author_id": self.author(n + position + 1),
                   "stance": _stance(position), "source": source, "html": html, "support_count": 0,
                   "at": self.published(n) + timedelta(minutes=7 * position + 3)}

    def findable(self, first: int, count: int) -> Iterator[tuple[str, int, str, str, datetime]]:
        for n in range(count):
            yield ("proposal", first + n, self.title(n, count), self.bodies[n % len(self.bodies)][2], self.published(n))
        comment = _next_id(Comment) - sum(self.comment_count(n, count) for n in range(count))
        for n in range(count):
            for position in range(self.comment_count(n, count)):
                text = self.remarks[(n * 3 + position) % len(self.remarks)][2]
                yield ("comment", comment, "", text, self.published(n) + timedelta(minutes=7 * position + 3))
                comment += 1


def _stance(position: int) -> Stance:
    return (Stance.FOR, Stance.NOTE, Stance.FOR, Stance.AGAINST)[position % 4]


def _bodies(proposals: list[dict]) -> list[Text]:
    """Problems of the sample, each with a sentence more; every other one speaks of parking."""
    made = []
    for n in range(BODIES):
        text = proposals[n % len(proposals)]["problem"]
        place = PLACES[n // len(proposals) % len(PLACES)]
        more = f"{place}에 {FREQUENT}한 차가 많은 날이 {n % 29 + 1}일이었어요." if n % 2 else f"{place}을 오래 지켜봤어요."
        made.append(_rendered(f"{text.replace(FREQUENT, '정차')}\n\n{more}"))
    return made


def _remarks(comments: list[dict]) -> list[Text]:
    return [_rendered(comment["text"]) for comment in comments if not comment.get("deleted")]


def _rendered(source: str) -> Text:
    html = rich_text.render(source)
    return source, html, rich_text.text_of(html)


def _users(count: int, now: datetime) -> range:
    first = _next_id(User)
    _insert(User, ({"id": first + n, "sign_in_name": f"many{first + n}", "sign_in_key": f"many{first + n}",
                    "nickname": f"이웃{first + n}", "language": "ko", "is_resident": False,
                    "created_at": now - timedelta(days=2100)} for n in range(count)))
    return range(first, first + count)


def _next_id(model: type[DeclarativeBase]) -> int:
    return (db.session.scalar(sa.select(sa.func.max(model.id))) or 0) + 1


def _insert(model: type[DeclarativeBase], rows: Iterator[dict]) -> None:
    statement, batch = sa.insert(model.__table__), []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            db.session.execute(statement, batch)
            batch = []
    if batch:
        db.session.execute(statement, batch)


def _save_serials(serials: dict[int, int]) -> None:
    for year, last in serials.items():
        db.session.merge(ProposalSerial(year=year, last=last))
    db.session.flush()
    operations.tally_again(db.session)


def _count_on(*models: type[DeclarativeBase]) -> None:
    """Let PostgreSQL's sequences go on after the ids that were given by hand."""
    if is_sqlite():
        return
    for model in models:
        table = model.__table__.name
        db.session.execute(sa.text(
            f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))"))


def _refresh_statistics() -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


