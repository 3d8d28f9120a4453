"""Time of a search, on an empty database of its own: `python -m bench.search URL [COMMENTS]`."""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from statistics import median

import sqlalchemy as sa
from flask import Flask

from civic_forum.app import JIT_OFF
from civic_forum.platform.base import db, prepare_engine
from civic_forum.platform.settings import DistrictSetting
from civic_forum.platform.site_version import SiteVersion
from civic_forum.search import queries
from civic_forum.search import operations
from civic_forum.search.models import Entry, KnownWord
from civic_forum.search.rules import QUERY_WORDS
from tests.servers import postgres

from .figures import Figure

TABLES = [model.__table__ for model in (Entry, KnownWord, SiteVersion, DistrictSetting)]
SMALL, LARGE = 1_000, 100_000
RARE, HALF, FEW = "은하철도를", "주차장에서", "나루터"
BEGIN = datetime(2020, 1, 1, tzinfo=timezone.utc)
SUBJECTS = ("골목", "놀이터", "도서관", "정류장", "횡단보도", "가로등", "마을버스", "공원", "학교", "시장", "하천", "어린이집",
            "경로당", "자전거", "쓰레기", "육교", "운동장", "주민센터", "지하철역", "산책로")
VERBS = ("넓혀", "고쳐", "늘려", "줄여", "옮겨", "밝혀", "치워", "열어", "지켜", "바꿔", "나눠", "살펴")
ENDINGS = ("주세요", "주면 좋겠어요", "달라고 했어요", "줄 수 있을까요", "야 해요", "본 적이 없어요")


def sentence(chance: random.Random) -> str:
    return (f"{chance.choice(SUBJECTS)}에서 {chance.choice(SUBJECTS)}까지 {chance.choice(VERBS)} "
            f"{chance.choice(ENDINGS)}.")


def proposals(first: int, last: int) -> Iterator[tuple]:
    """Half say HALF, one in a thousand FEW, five of the first thousand RARE."""
    chance = random.Random(first)
    bodies = [" ".join(sentence(chance) for _ in range(14)) for _ in range(2_000)]
    for number in range(first, last + 1):
        extra = " 주차장이 모자라요." * (number % 2) + " 나루터가 그리워요." * (number % 1_000 == 7)
        extra += " 은하철도는 어때요." * (number < SMALL and number % 200 == 3)
        yield ("proposal", number, f"{sentence(chance)[:-1]} {number}", bodies[number % 2_000] + extra, moment(chance))


def comments(count: int) -> Iterator[tuple]:
    chance = random.Random(3)
    bodies = [sentence(chance) + sentence(chance) + " 주차장도요." * (number % 2) for number in range(2_000)]
    for number in range(1, count + 1):
        yield "comment", number, "", bodies[number % 2_000], moment(chance)


def moment(chance: random.Random) -> datetime:
    return BEGIN + timedelta(seconds=chance.randrange(180_000_000))


def milliseconds(ask: Callable[[], object], times: int = 25) -> float:
    """The median of several calls, the first apart."""
    taken = []
    for _ in range(times + 1):
        started = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - started) * 1_000)
        db.session.rollback()
    return round(median(taken[1:]), 3)


def asked() -> dict[str, float]:
    only = ("proposal",)
    page = queries.matches(HALF, only)
    tenth = Entry.ref_id % 10 == 3
    return {
        "rare word": milliseconds(lambda: queries.matches(RARE, only)),
        "rare word, counted": milliseconds(lambda: queries.count(RARE, only)),
        "word in one of 1,000": milliseconds(lambda: queries.matches(FEW, only)),
        "word in half": milliseconds(lambda: queries.matches(HALF, only)),
        "word in half, second page": milliseconds(lambda: queries.matches(HALF, only, after=page.after)),
        "word in half, counted": milliseconds(lambda: queries.count(HALF, only)),
        "word in half, a tenth allowed": milliseconds(lambda: queries.matches(HALF, only, restrict=tenth)),
        "frequent and rare word": milliseconds(lambda: queries.matches(f"{HALF} {RARE}", only)),
        "eight words": milliseconds(lambda: queries.matches(" ".join(SUBJECTS[:QUERY_WORDS]), only)),
        "no such word": milliseconds(lambda: queries.matches("코뿔소", only)),
        "word in half, with comments": milliseconds(lambda: queries.matches(HALF, ("proposal", "comment"))),
        "similar titles": milliseconds(lambda: queries.similar("골목 가로등을 밝혀 주세요 은하철도", only)),
        "similar titles, all frequent": milliseconds(lambda: queries.similar("도서관에서 공원까지 넓혀 주세요", only)),
        "a word misspelt": milliseconds(lambda: queries.sought("논이터", only, 1_000)),
        "one text put": milliseconds(lambda: put_one(page.items[0].body)),
    }


def put_one(body: str) -> None:
    operations.put(db.session, "proposal", 10**7, title="새 글", body=body, at=BEGIN)


def put_many(texts: Iterator[tuple]) -> float:
    started = time.perf_counter()
    operations.put_many(db.session, texts)
    db.session.commit()
    return round(time.perf_counter() - started, 1)


def figures(engine: sa.Engine, more_comments: int = 0) -> Iterator[dict]:
    """Fills the empty database of `engine` and measures; the goals are those of the design."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.url
    if engine.dialect.name == "postgresql":
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"options": JIT_OFF}}
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        db.metadata.create_all(db.engine, TABLES)
        put_many(proposals(1, SMALL))
        before = asked()
        taken = put_many(proposals(SMALL + 1, LARGE))
        after = asked()
        yield {"name": "search: index 99,000 proposals", "value": taken, "unit": "s", "goal": 30}
        for name, value in after.items():
            goal = 5 if name == "rare word" else 50 if name == "word in half" else None
            yield {"name": f"search: {name}", "value": value, "unit": "ms", "goal": goal,
                   "baseline": before[name], "ratio": round(value / before[name], 2)}
        if more_comments:
            taken = put_many(comments(more_comments))
            yield {"name": f"search: index {more_comments:,} comments", "value": taken, "unit": "s", "goal": 100}
            for name, value in asked().items():
                yield {"name": f"search with the comments: {name}", "value": value, "unit": "ms", "goal": None,
                       "baseline": before[name], "ratio": round(value / before[name], 2)}
        db.metadata.drop_all(db.engine, TABLES)
        db.engine.dispose()


def search(_districts: object) -> list[Figure]:
    """Both databases, each in an empty place of its own."""
    with tempfile.TemporaryDirectory(prefix="civic-forum-bench-") as folder, postgres.running() as cluster:
        databases = {"SQLite": f"sqlite:///{folder}/search.db", "PostgreSQL": postgres.fresh_database(cluster)}
        return [_shown(name, figure) for name, url in databases.items() for figure in figures(sa.create_engine(url))]


def _shown(database: str, figure: dict) -> Figure:
    goal = "" if figure["goal"] is None else f"≤ {figure['goal']}"
    return Figure(f"{figure['name']}, {database}", figure["value"], figure["unit"], goal, figure.get("baseline"),
                  figure.get("ratio"))


if __name__ == "__main__":
    for figure in figures(sa.create_engine(sys.argv[1]), int((sys.argv[2:] or ["0"])[0])):
        print("{name:60} {value:>9} {unit}".format(**figure),
              "goal {goal}  at 1,000: {baseline}  ratio {ratio}".format(**{"baseline": "", "ratio": ""} | figure))
