"""Pages of figures: for everybody, for the office, with sections of other features."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from jinja2 import ChoiceLoader, DictLoader
from lxml import html

from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.models import Voter
from civic_forum.blocks.extensions import FIGURES
from civic_forum.figures import queries as figures, services as counts
from civic_forum.platform import hourly as kept
from civic_forum.platform import site_version
from civic_forum.forums.rules import AgeGroup
from tests.common import today
from tests.factories import MAY, saved
from tests.forums.scene import announced_forum

from tests.opinions.making import consultation

from .making import before, living, registered, replied, supported, voted
from .test_counts import told

MOST_STATEMENTS = 12


def nothing():
    return None


def promises():
    return SimpleNamespace(template="added.html", title="약속")


def text(page) -> str:
    return re.sub(r"\s+", " ", html.fromstring(page.text).text_content())


def lived_in(town, number=7):
    proposal, forum = town.proposal(published_at=before()), announced_forum(town)
    for name, people in (("가산동", number), ("독산1동", number), ("시흥1동", 2)):
        supported(proposal, living(town, name, people))
    for age in (AgeGroup.TO_39, AgeGroup.TO_64):
        for _number in range(number):
            registered(forum, town.user(), age_group=age)
    voted(online=30, assisted=4, paper=6)
    replied(town, proposal, took=31, late=True)


def test_everybody_reads_what_was_done_who_is_missing_and_how_late(town, browse):
    lived_in(town)
    said = text(browse().get("/figures"))
    assert "최근 1년에 31명이 제안·공감·댓글·공론장으로 참여했어요." in said and "40번" in said
    assert "구청이 물은 것" not in said and "열린 투표" not in said and "이루어진 제안하기로" not in said
    assert "가장 많이 참여한 동: 독산1동" in said and "주민등록 인구 (예시 값)" in said
    assert "1건 가운데 0건을 제때 답했어요" in said and "1건은 늦었어요(100%)" in said


def test_consultations_and_open_votes_stand_beside_what_is_counted(town, browse):
    told(consultation(), 1, 52, 2)
    box = voted(opened_at=before(9), opens_at=before(9), closes_at=before(-9), published_at=None, result=None)
    saved(Voter(box_id=box.id, row_key=bytes(32), channel=Channel.ONLINE, sealed=b"x"))
    said, lines = text(browse().get("/figures")), browse().get("/figures.csv").text.splitlines()
    assert "구청이 물은 것에 답하기최근 1년에 묻던 것에 답한 횟수. 누구인지 몰라서 따로 세요.52번" in said
    assert "열린 투표에 참여하기" in said and "명이 제안·공감" not in said and "0번" not in said.split("얼마나 참여했나요")[0]
    assert '"구청이 물은 것에 답하기","","",52' in lines and '"열린 투표에 참여하기","","",1' in lines


def test_a_hidden_number_is_nowhere_on_the_page_nor_in_the_file(town, browse):
    lived_in(town)
    page = html.fromstring(browse().get("/figures").text)
    [table] = page.xpath("//table[caption='동마다 참여한 사람']")
    rows = {row[0].text: [cell.text for cell in row[1:3]] for row in table.xpath(".//tbody/tr")}
    assert rows == {"가산동": ["가림", "가림"], "독산1동": ["7명", "44%"], "시흥1동": ["가림", "가림"]}
    lines = browse().get("/figures.csv").text.splitlines()
    assert '"사는 동","시흥1동","참여한 사람","–"' in lines and '"사는 동","독산1동","참여한 사람",7' in lines


def test_without_the_residents_the_page_says_so(town, browse, app, monkeypatch):
    lived_in(town)
    monkeypatch.setitem(app.config, "RESIDENTS", {})
    said = text(browse().get("/figures"))
    assert "사는 사람 수를 받지 못해서" in said and "주민 만 명" not in said and "주민등록 인구" not in said


def test_an_empty_district_is_told_what_comes_here(town, browse):
    said = text(browse().get("/figures"))
    assert "아직 셀 것이 없어요" in said and "누가 여기에 없나요" not in said


@pytest.mark.in_turns(of=5)
def test_the_office_reads_how_fast_each_department_answers(town, browse):
    lived_in(town)
    replied(town, town.proposal(), took=3, department=town.department("도로과"))
    for reader in (town.official(), town.moderator(), town.administrator()):
        page = html.fromstring(browse(reader).get("/desk/figures").text)
        [table] = page.xpath("//table[caption='부서마다 답변']")
        assert [[cell.text for cell in row] for row in table.xpath(".//tbody/tr")] == [
            ["교통행정과", "1건", "0건", "1건", "100%", "31일"], ["도로과", "1건", "1건", "0건", "0%", "3일"]]
    assert "/desk/figures" in browse(town.official()).get("/desk").text
    assert browse(town.clerk()).get("/desk/figures").status_code == 403
    assert "부서마다 제때" not in browse(town.official()).get("/figures").text


def test_another_feature_adds_a_section(town, browse, app, monkeypatch):
    added = DictLoader({"added.html": "<h2>{{ section.title }}</h2>"})
    monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([app.jinja_env.loader, added]))
    sections = app.extensions["sections"]
    monkeypatch.setattr(sections.env, "loader", ChoiceLoader([sections.env.loader, added]))
    monkeypatch.setattr(FIGURES, "answers", [nothing, promises])
    lived_in(town)
    assert "<h2>약속</h2>" in browse().get("/figures").text


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("number", [1, 30])
def test_the_statements_are_few_at_any_size(town, browse, app, queries, number):
    lived_in(town, number)
    official = browse(town.official())
    for client, path in ((browse(), "/figures"), (official, "/figures"), (official, "/desk/figures")):
        client.get(path)
        app.extensions["sections"].clear()
        with queries() as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= MOST_STATEMENTS, (path, seen)


COUNTED = ("comment", "support", "proposal", "proposal_tally", "forum_registration", "voter", "duty", "answer",
           "opinion_map")


@pytest.mark.both
def test_pages_read_one_row_that_a_job_wrote_with_the_numbers_of_a_count(town, browse, app, queries, at):
    lived_in(town)
    counts.count()
    assert counts.newest() == figures.figures(today())
    before_more = counts.newest()
    lived_in(town)
    with queries() as seen:
        for client, path in ((browse(), "/figures"), (browse(town.official()), "/desk/figures"),
                             (browse(), "/figures.csv")):
            app.extensions["sections"].clear()
            assert client.get(path).status_code == 200
    read = [statement for statement in seen for name in COUNTED
            if re.search(rf"FROM {name}\b(?!.* WHERE {name}\.id = )", statement, re.DOTALL)]
    assert counts.newest() == before_more and not read, read
    counts.count()
    assert counts.newest() == figures.figures(today()) != before_more
    at(MAY + timedelta(days=1))
    counts.count()
    assert counts.newest().today == today() and counts.newest() == figures.figures(today())


def test_a_count_that_finds_nothing_new_writes_nothing(town, app):
    lived_in(town)
    counts.count()
    version = site_version.of_tables()
    counts.count()
    assert site_version.of_tables() == version


def test_counts_are_made_once_an_hour(town, app, at, monkeypatch):
    calls = []

    def count(today):
        calls.append(today)
        return len(calls)

    monkeypatch.setitem(app.config, "PAGE_CACHE", True)
    for minutes, answer in ((0, 1), (59, 1), (60, 2), (61, 2), (120, 3)):
        at(MAY + timedelta(minutes=minutes))
        assert kept.of_this_hour(count) == answer
    monkeypatch.setitem(app.config, "PAGE_CACHE", False)
    assert kept.of_this_hour(count) == 4


def test_in_english_names_and_source_are_english(town, browse):
    lived_in(town)
    client = browse()
    client.get("/display?language=en&back=/figures")
    page = client.get("/figures").text
    assert "Registered residents (invented numbers)" in page and "가산동 (en)" in page
