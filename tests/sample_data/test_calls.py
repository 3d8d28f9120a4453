"""Python calls while a main page is made anew, against budgets for each: whoever adds to a page pays for it here.

The count is the same on every machine to half a percent (a library has forgotten more after ten thousand tests than
after ten), which no time is. It is that of a process that has made the page before: what is kept by then (fragments,
statements, templates) is in memory, the page itself is not. One budget holds while the sections of the page stand too,
the other one when all of them are made anew.
"""

import sys
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bench import office_rows
from civic_forum.accounts.models import User
from civic_forum.blocks import sections
from civic_forum.platform import clock
from civic_forum.platform.base import Instant, db
from civic_forum.platform.i18n import end_of, local
from civic_forum.proposals.models import Proposal
from civic_forum.sample_data import people, scale
from tests.conftest import build
from tests.factories import signed_in
from tests.sample_data.test_readers_in_turns import seen_by

MANY, TEXTS = 500, 50
"""Proposals that are added, and texts of which they are made."""
SHARES = {"HELD": 40, "UNSORTED": 30, "TO_WRITE": 30, "TO_APPROVE": 10, "LETTERS": 30, "OBJECTIONS": 40, "REPORTS": 30,
          "APPEALS": 10, "TAKEDOWNS": 20, "ACTIONS": 200, "OUTCOMES": 100}
"""A hundredth of what the bench has waiting: no page shows more."""
LEAST = 0.85
"""A page that costs less than this part of its budget has one that holds nothing: lower it."""
LONG, FULLEST = "the proposal with 200 comments", "the proposal that went the longest way"
VISITOR, RESIDENT, MODERATOR, OFFICIAL, CLERK = None, "resident6", "moderator1", "official1", "clerk1"
BODY = "/bodies/cooperation-council"
OWN = ("/",)
"""Pages of which the reader's own sections are made anew too."""
BUDGETS = {
    (VISITOR, "/"): (1_890, 7_080),  # 12 empty pages
    (VISITOR, "/proposals"): (1_900, 4_150),  # 7
    (VISITOR, "/proposals?sort=supported"): (1_910, 4_180),
    (VISITOR, "/search?q=가로등"): (2_170, 6_490),
    (VISITOR, LONG): (6_720, 10_790),
    (VISITOR, FULLEST): (14_020, 16_640),
    (VISITOR, f"/agendas/{office_rows.SLUG}"): (6_650, 14_600),
    (VISITOR, "/agendas"): (1_900, 4_160),
    (VISITOR, "/outcomes"): (1_900, 7_520),
    (VISITOR, "/polls"): (1_900, 3_450),
    (VISITOR, "/forums"): (1_900, 4_980),
    (VISITOR, "/budgets"): (1_900, 4_010),
    (VISITOR, "/moderation/ledger"): (1_900, 12_380),
    # Made anew, in empty pages: some 7, 15, 9, 20 and 13 (decision 0098), where they are to cost 15.
    (VISITOR, "/bodies"): (1_900, 5_130),
    (VISITOR, BODY): (8_990, 8_990),
    (VISITOR, f"{BODY}/meetings"): (6_770, 6_770),
    (VISITOR, "/forums/2020nyeon-jeongnyehoe"): (8_490, 8_490),
    (VISITOR, "/calendar"): (1_920, 7_680),
    (VISITOR, "/archive"): (2_130, 9_610),
    (VISITOR, "/evaluations/pledges-now"): (2_430, 18_580),
    (VISITOR, "/assemblies?year=2020"): (1_980, 9_210),
    # Results: dear once, for all readers.
    (VISITOR, "/polls/doksan-bench-2022"): (2_240, 13_540),
    (VISITOR, "/budgets/2026/results"): (1_960, 24_020),
    (VISITOR, "/consultations/alley-bins/result"): (2_090, 35_000),
    (RESIDENT, "/polls/doksan-bench-2022"): (4_550, 15_900),
    (RESIDENT, "/budgets/2026/results"): (2_470, 24_530),
    (RESIDENT, "/consultations/alley-bins/result"): (2_640, 35_510),
    (VISITOR, "/budgets/2026/cooperation/results"): (1_940, 18_050),
    (VISITOR, "/forums/night-doksanro-2020"): (2_120, 11_480),
    (VISITOR, "/forums/night-doksanro-2020/record"): (1_940, 30_250),
    (RESIDENT, "/forums/night-doksanro-2020"): (3_150, 12_500),
    (RESIDENT, "/forums/night-doksanro-2020/record"): (2_930, 31_250),
    # With the reader's own line beside what all share.
    (VISITOR, "/polls/doksan3-empty-lot"): (2_370, 10_200),
    (VISITOR, "/budgets/2026"): (2_390, 21_850),
    (VISITOR, "/budgets/gasan-plan/projects"): (1_910, 8_090),
    (RESIDENT, "/polls/doksan3-empty-lot"): (4_780, 12_600),  # 8
    (RESIDENT, "/budgets/2026"): (4_730, 24_150),
    (RESIDENT, "/budgets/gasan-plan"): (5_490, 18_980),
    (RESIDENT, "/"): (3_080, 7_880),  # 14, its own sections too
    (RESIDENT, "/proposals"): (2_430, 4_660),
    (RESIDENT, "/search?q=가로등"): (2_730, 7_150),
    (RESIDENT, LONG): (7_780, 12_120),
    (RESIDENT, "/me"): (7_840, 9_160),
    (MODERATOR, "/desk"): (2_680, 14_850),
    (MODERATOR, "/desk/reports"): (10_560, 12_630),
    (OFFICIAL, "/desk"): (2_680, 13_720),
    (OFFICIAL, "/desk/answers"): (8_080, 11_320),
    (CLERK, "/desk"): (2_680, 9_860),
}


@pytest.fixture(scope="module")
def large(sample_copy, tmp_path_factory):
    """The sample district on SQLite with MANY proposals more, and an office with much to do."""
    app = build(sample_copy(tmp_path_factory.mktemp("large")), SECRET_KEY="")
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(scale, "BODIES", TEXTS)
        scale.add(MANY, people.read("proposals"), people.read("comments"))
        for name, number in SHARES.items():
            patch.setattr(office_rows, name, number)
        office_rows.Office().fill()
        db.session.commit()
        scale.add(scale.MOST_COMMENTS // scale.COMMENTS_EACH + 1, people.read("proposals"), people.read("comments"))
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


def browser(app, name):
    client = app.test_client()
    if name is not None:
        secret = signed_in(db.session.scalars(sa.select(User).filter_by(sign_in_key=name)).one())
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = secret, True
    return client


def address(page):
    if page == FULLEST:
        return f"/proposals/{office_rows.fullest()}"
    if page == LONG:
        longest = sa.select(Proposal.number).where(Proposal.published_at.is_not(None))
        return f"/proposals/{db.session.scalar(longest.order_by(Proposal.comment_count.desc()).limit(1))}"
    return page


def calls(act):
    """Number of Python functions called, of generators each time that they go on."""
    made = 0

    def count(_frame, event, _argument):
        nonlocal made
        made += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return made


def _fewest(act, before=lambda: None):
    """Of two counts: what a library makes once and forgets when others crowd it out is no part of a page."""
    made = []
    for _ in range(2):
        before()
        made.append(calls(act))
    return min(made)


def forget(app, own=True):
    """Sections for all, and those for each."""
    for name in (sections.FOR_ALL, sections.FOR_ONE)[:1 + own]:
        app.extensions[name].clear()


@pytest.mark.parametrize("who, page", BUDGETS)
def test_a_page_made_anew_stays_within_its_budget(large, at, who, page):
    at(clock.now())
    with large.app_context():
        client, url = browser(large, who), address(page)
        db.session.remove()
    for _ in range(2):
        assert client.get(url).status_code == 200
    counted = _fewest(lambda: client.get(url)), _fewest(lambda: client.get(url), lambda: forget(large, page in OWN))
    print(f"{who or 'a visitor'}, {page}: {' and '.join(f'{made:,}' for made in counted)} calls")
    for made, budget in zip(counted, BUDGETS[who, page], strict=True):
        assert made <= budget, f"{made:,} calls, {made - budget:,} more than the budget"
        assert made >= budget * LEAST, f"{made:,} calls: a budget of {budget:,} holds nothing, lower it"


STANDING = ("/", "/proposals", "/proposals?sort=supported", "/search?q=가로등", "/agendas", "/agendas/doksanro-walking",
            "/outcomes", "/budgets", "/forums", "/commitments", "/commitments/1", "/consultations", "/calls",
            "/moderation/ledger", "/bodies", "/calendar", "/evaluations", "/plans", "/assemblies?year=2020",
            "/polls/doksan-bench-2022", "/budgets/2026/results", "/consultations/alley-bins/result")
WITHOUT_A_VERSION = {"on_first_page": "turnout of open votes", "_eligible": "rolls"}
"""Sections that say what casting a ballot changes, which leaves no version behind: made anew each minute."""


@pytest.fixture
def made(large, monkeypatch):
    """Names of functions, with how many sections of each are made."""
    names = Counter()
    for store in (large.extensions[sections.FOR_ALL], large.extensions[sections.FOR_ONE]):
        def counted(name, section, put=store.put):
            names[name[0].__name__] += 1
            put(name, section)

        monkeypatch.setattr(store, "put", counted)
    return names


@pytest.mark.parametrize("who", [VISITOR, RESIDENT])
def test_no_section_is_made_again_within_ten_minutes_in_which_nothing_changes(large, at, made, who):
    moment = clock.now().replace(minute=20, second=5)
    again = {}
    with large.app_context():
        client = browser(large, who)
    for page in STANDING:
        at(moment)
        forget(large)
        assert client.get(page).status_code == 200
        made.clear()
        for minutes in range(1, 11):
            at(moment + timedelta(minutes=minutes))
            client.get(page)
        if names := made.keys() - WITHOUT_A_VERSION:
            again[page] = names
    assert again == {}


MOST_MOMENTS, FAR = 40, timedelta(days=40)


def moments_to_come(app, now):
    """Some of the moments in rows that are still to come, and ends of days."""
    with app.app_context():
        columns = [column for table in db.metadata.sorted_tables for column in table.columns
                   if isinstance(column.type, Instant)]
        found = {moment for column in columns for moment in db.session.scalars(sa.select(column).where(
            column > now, column < now + FAR).distinct().order_by(column).limit(5))}
    days = [end_of(local(now).date() + timedelta(days=days)) for days in (0, 1, 7)]
    return sorted([*sorted(found)[:MOST_MOMENTS], *days])


@pytest.mark.parametrize("page", ["/", "/proposals", "/proposals?state=gathering", "/agendas", "/consultations"])
def test_a_change_by_the_clock_is_shown_by_the_very_next_request(large, at, page):
    now = clock.now()
    at(now)
    with large.app_context():
        clients = [browser(large, who) for who in (VISITOR, RESIDENT)]
    forget(large)
    stale = []
    for moment in moments_to_come(large, now):
        for tick in (moment, moment + timedelta(microseconds=1)):
            at(tick)
            standing = [seen_by(client, page) for client in clients]
            forget(large)
            stale += [tick for text, client in zip(standing, clients, strict=True) if seen_by(client, page) != text]
    assert stale == []
