"""Lists of the office: words find, filters narrow, orders sort, pages keep all of it, unknown values are refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import html

from civic_forum.accounts.models import AccessRecord
from civic_forum.accounts.queries.grants import GRANTS
from civic_forum.answers.queries.records import LATE, NOBODY
from civic_forum.moderation.queries.waves import UNSEEN as SIGNALS
from civic_forum.blocks.listing import Listing
from civic_forum.budgets.trials import services as trials
from civic_forum.budgets.trials.queries import TRIALS
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.desk.queries import ACCESS, AUDIT
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.moderation import services as moderation
from civic_forum.moderation.models import Appeal, ModerationAction, Signal
from civic_forum.moderation.queries.appeals import WAITING as APPEALS
from civic_forum.moderation.queries.queue import QUEUE as REPORTS
from civic_forum.moderation.queries.takedowns import WAITING as TAKEDOWNS
from civic_forum.moderation.rules import ActionKind, Ground, Rule, SignalKind
from tests.answers.making import on_the_table, owed
from tests.budgets.commands.test_counting import WORKED
from tests.factories import MAY, Town, saved

MARK = re.compile("[①②③④]")
"""Stands once in each row."""


@dataclass(frozen=True)
class Case:
    listing: Listing
    address: str
    make: Callable[[Town, Callable], None]
    """The rows, given the town and the clock."""
    found: dict[str, str]
    """Query → rows in their order; `{department}` and `{place}` are ids."""
    unknown: tuple[str, ...] = ("sort=nothing",)
    who: Callable[[Town], object] = field(default=lambda town: None)


def late_answers(town, at):
    first = clock.now()
    owed(town, title="① 가로등을 고쳐요")
    at(first + timedelta(days=1))
    on_the_table(town, town.official(), title="② 의자를 놓아요")
    at(first + timedelta(days=2))
    owed(town, title="③ 가로등을 더해요")
    at(first + timedelta(days=60))


def remarks(town, *texts):
    thread = town.proposal().thread_id
    return [comments.write(thread, stance=Stance.NOTE, text=text, by=town.resident()) for text in texts]


def takedowns(town, at):
    texts = ("① 가로등 이야기", "② 의자 이야기", "가로등이 또 있어요")
    first = clock.now()
    whys = ("제 집 사진이 있어요.", "제 이름이 적혀 있어요.", "③ 제 집 사진이 있어요.")
    grounds = (Ground.PRIVACY, Ground.PRIVACY, Ground.DEFAMATION)
    for n, (remark, why, ground) in enumerate(zip(remarks(town, *texts), whys, grounds, strict=True)):
        at(first + timedelta(hours=n))
        asked = moderation.takedowns.ask_takedown(f"{n}" * 32, "comment", remark.id, ground=ground, text=why,
                                                  contact="me@mail.example")
        if n == 1:
            moderation.takedowns.block_takedown(asked.id, reason="사는 곳이 드러나요.", by=town.moderator())


def appeals(town, at):
    first, [hidden, warned, _other] = clock.now(), remarks(town, "① 욕설이에요", "의자 이야기", "말이에요")
    for n, (kind, subject, person, rule, why) in enumerate((
            (ActionKind.HIDE, ("comment", hidden.id), hidden.author_id, Rule.ABUSE, "욕설이 아니에요."),
            (ActionKind.WARN, ("comment", warned.id), warned.author_id, Rule.ADVERTISING, "② 광고가 아니에요."),
            (ActionKind.MUTE, ("user", (muted := town.resident(nickname="③ 이웃")).id), muted.id, Rule.ABUSE, "아니에요."))):
        at(first + timedelta(hours=n))
        act = saved(ModerationAction(kind=kind, subject_kind=subject[0], subject_id=subject[1], user_id=person,
                                     rule=rule.value, reason="이유", role="moderator", at=clock.now()))
        saved(Appeal(action_id=act.id, by_id=person, text=why, at=clock.now()))


def signals(town, at):
    links = "https://a.example https://b.example https://c.example https://d.example"
    first = clock.now()
    for n, text in enumerate((f"① 가로등 {links}", "② 010-1234-5678", f"③ 의자 {links}")):
        at(first + timedelta(hours=n))
        remarks(town, text)
    saved(Signal(kind=SignalKind.NEW_ACCOUNTS, subject_kind="user", subject_id=town.resident(nickname="④ 이웃").id,
                 at=clock.now() + timedelta(hours=1), text_hash=""))


def reports(town, at):
    first, texts = clock.now(), remarks(town, "① 가로등 이야기", "② 의자 이야기", "③ 가로등이 또 있어요")
    for n, (remark, rules) in enumerate(zip(texts, (["other"], ["advertising"], ["privacy", "abuse"]), strict=True)):
        at(first + timedelta(hours=n))
        for rule in rules:
            moderation.reports.report("comment", remark.id, rule=Rule(rule), sentence="이유가 있어요.", by=town.resident())


def audit_log(town, _at):
    clerk = town.clerk(sign_in_name="clerk1")
    for mark, day, action, actor in (("①", 1, "proposals.tested", clerk), ("②", 2, "accounts.verified", clerk),
                                     ("③", 3, "proposals.moved", town.moderator())):
        saved(AuditEntry(at=MAY.replace(day=day), action=action, subject=f"proposal:{day}", actor_id=actor.id,
                         details={"n": mark}))


def access_log(town, _at):
    clerk, user = town.clerk(sign_in_name="clerk1"), town.user()
    for day, reason, facts in ((1, "① 비밀번호를 잊었어요", {"user_id": user.id}), (2, "② 행사를 알려요", {
            "what": "residents", "how_many": 3}), (3, "③ 비밀번호가 없어요", {})):
        saved(AccessRecord(at=MAY.replace(day=day), by_id=(clerk if day < 3 else user).id, reason=reason, **facts))


def grants(town, _at):
    town.moderator(nickname="① 가로등", sign_in_name="lamp1")
    town.clerk(nickname="② 의자", sign_in_name="bench1", neighbourhood=town.neighbourhood())
    town.official(nickname="③ 가로등", sign_in_name="lamp2", department=town.department())


def tried(town, at):
    first, by = clock.now(), town.official()
    for n, (mark, title) in enumerate((("①", "지난해"), ("②", "올해"), ("③", "지난달"))):
        at(first + timedelta(hours=n))
        made = trials.create(WORKED.encode(), slug=f"trial-{n}", title=f"{mark} {title} 투표", at_once=n < 2, by=by)
        if n == 0:
            trials.publish(made.id, by=by)


CASES = [
    Case(LATE, "/answers/late", late_answers,
         {"": "①②③", "sort=newest": "③②①", "q=가로등": "①③", f"department={NOBODY}&sort=newest": "③①",
          f"department={NOBODY}&q=의자": "", "department={department}": "②"},
         ("sort=nothing", "department=x", "department=999")),
    Case(TAKEDOWNS, "/desk/takedowns", takedowns,
         {"": "①②③", "sort=newest": "③②①", "q=가로등": "①③", "q=제 집": "①③", "state=blocked": "②",
          "state=asked&sort=newest": "③①", "ground=privacy": "①②", "kind=comment&q=이야기": "①②", "kind=proposal": ""},
         ("sort=nothing", "state=granted", "ground=x", "kind=user"), Town.moderator),
    Case(APPEALS, "/desk/appeals", appeals,
         {"": "①②③", "sort=newest": "③②①", "q=욕설이": "①", "q=광고가": "②", "q=이웃": "③", "act=warn": "②",
          "rule=abuse&sort=newest": "③①", "kind=user": "③"},
         ("sort=nothing", "act=x", "rule=x", "kind=x"), Town.moderator),
    Case(REPORTS, "/desk/reports", reports,
         {"": "③②①", "sort=oldest": "①②③", "sort=newest": "③②①", "q=가로등": "③①", "rule=abuse": "③",
          "kind=comment&q=이야기&sort=oldest": "①②", "kind=proposal": ""},
         ("sort=nothing", "rule=x", "kind=user"), Town.moderator),
    Case(SIGNALS, "/desk/signals", signals,
         {"": "④③②①", "sort=oldest": "①②③④", "q=가로등": "①", "q=이웃": "④", "signal=many_links&sort=oldest": "①③",
          "kind=comment": "③②①", "kind=user&q=가로등": ""},
         ("sort=nothing", "signal=x", "kind=x"), Town.moderator),
    Case(AUDIT, "/desk/audit", audit_log,
         {"": "③②①", "sort=oldest": "①②③", "q=test": "①", "area=proposals": "③①", "subject=proposal:2": "②",
          "actor=clerk1&sort=oldest": "①②", "since=2030-05-02": "③②", "until=2030-05-02&sort=oldest": "①②",
          "actor=nobody-here": ""},
         ("sort=nothing", "area=x", "subject=x", "since=x", "until=x"), Town.administrator),
    Case(ACCESS, "/desk/access-log", access_log,
         {"": "③②①", "sort=oldest": "①②③", "q=비밀번호": "③①", "by=clerk1": "②①", "user=999": "",
          "what=residents": "②", "what=person&sort=oldest": "①③", "since=2030-05-02&until=2030-05-02": "②"},
         ("sort=nothing", "user=x", "what=x", "since=x", "until=x"), Town.administrator),
    Case(GRANTS, "/desk/roles", grants,
         {"": "③②①", "sort=oldest": "①②③", "q=가로등": "③①", "q=bench": "②", "role=clerk": "②",
          "neighbourhood={place}": "②", "department={department}": "③", "role=official&q=의자": "",
          "watched=unsafe&sort=name": "①②③", "watched=ends": "", "watched=heads": ""},
         ("sort=nothing", "watched=x", "role=x", "department=999", "neighbourhood=999"), Town.administrator),
    Case(TRIALS, "/desk/trials", tried,
         {"": "③②①", "sort=oldest": "①②③", "q=지난": "③①", "state=counted": "②①", "state=counting": "③",
          "state=failed": "", "shown=yes": "①", "shown=no&sort=oldest": "②③"},
         ("sort=nothing", "state=x", "shown=x"), Town.official),
]


def rows(page) -> str:
    assert page.status_code == 200
    return "".join(dict.fromkeys(MARK.findall(html.fromstring(page.text).xpath("//main")[0].text_content())))


@pytest.fixture
def one_a_page(case):
    size = case.listing.size
    object.__setattr__(case.listing, "size", 1)
    yield
    object.__setattr__(case.listing, "size", size)


each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.listing.name.replace(" ", "-"))


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@each
def test_a_list_is_narrowed_and_sorted_and_its_pages_keep_that(town, browse, at, case, one_a_page):
    case.make(town, at)
    browser = browse(case.who(town))
    ids = {"department": town.department().id, "place": town.neighbourhood().id}
    for query, expected in case.found.items():
        query = query.format(**ids)
        seen, address = "", f"{case.address}?{query}"
        while address:
            kept = dict(parse_qsl(urlsplit(address).query))
            assert kept.items() >= dict(parse_qsl(query)).items()
            page = browser.get(address)
            seen += rows(page)
            address = next(iter(html.fromstring(page.text).xpath("//a[@rel='next']/@href")), None)
        assert seen == expected, query
        form = html.fromstring(page.text).xpath("//main//form[@method='get'][.//*[@name='q']]")[0]
        assert dict(form.form_values()).items() >= dict(parse_qsl(query)).items()


@pytest.mark.in_turns(of=5)
@each
def test_a_value_that_there_is_not_is_refused(town, browse, case):
    browser = browse(case.who(town))
    for query in (*case.unknown, "after=x"):
        assert browser.get(f"{case.address}?{query}").status_code == 400, query
