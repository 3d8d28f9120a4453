"""The archive: what is over stands there once, by year and neighbourhood, with what came of it."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from civic_forum.attachments.models import Attachment, AttachmentSet
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.forums.minutes.models import Minutes
from civic_forum.forums.record.models import Decision
from civic_forum.forums.rules import Form, MinutesKind
from civic_forum.platform.base import db
from civic_forum.platform.settings import DistrictSetting
from tests.budgets.making import new_round, project
from tests.calls.making import call
from tests.factories import saved
from tests.forums.scene import announced_forum
from tests.opinions.making import consultation
from tests.polls.making import poll

NOW = datetime(2026, 11, 10, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def november(at):
    at(NOW)


def held(town, on, **facts):
    forum = announced_forum(town, starts_at=on, ends_at=on + timedelta(hours=2), announced_at=on, **facts)
    forum.opened_at, forum.closed_at = on, on + timedelta(hours=2)
    db.session.commit()
    return forum


def with_photographs(town, forum, number):
    files = saved(AttachmentSet(kind="forum", owner_id=forum.id))
    db.session.add_all(Attachment(
        key=f"photo{place}", set_id=files.id, position=place, name=f"{place}.jpg", media_type="image/jpeg",
        is_picture=True, size=9, digest=f"{place}", added_by_id=town.moderator().id, added_at=NOW)
        for place in range(number))
    forum.documents_id = files.id


def lines(site, query=""):
    """Words of each row, as people read them."""
    answer = site.get(f"/archive{query}")
    assert answer.status_code == 200
    root = html.fromstring(answer.text)
    rows = root.xpath("//ul[contains(@class, 'archive')]/li")
    return [" ".join(" ".join(row.itertext()).split()) for row in rows], root


@pytest.mark.both
def test_each_thing_that_is_over_stands_once_by_year_and_neighbourhood(town, browse):
    place, other = town.neighbourhood("가산동"), town.neighbourhood("독산1동")
    visit = held(town, datetime(2019, 12, 31, 14, 59, tzinfo=UTC), form=Form.VISIT, title="골목 살피기",
                 neighbourhood_id=place.id)
    with_photographs(town, visit, 2)
    saved(Minutes(forum_id=visit.id, version=1, kind=MinutesKind.DRAFT, sections=[], made_at=NOW, published_at=NOW))
    for text in ("가로등을 더 단다", "쉼터를 연다"):
        saved(Decision(forum_id=visit.id, text=text, at=NOW))
    held(town, datetime(2019, 12, 31, 15, tzinfo=UTC), title="새해 모임", neighbourhood_id=other.id)
    announced_forum(town, title="아직 먼 모임")
    consultation(title="둔치", opens_at=NOW - timedelta(days=9), closes_at=NOW - timedelta(days=1))
    consultation(title="열려 있음", opens_at=NOW - timedelta(days=9), closes_at=NOW + timedelta(days=1))
    poll(town, title="아직 세지 않은 투표")
    call(town, title="모집").decided_at = NOW - timedelta(days=3)
    budget = new_round(town, title="우리 동네 사업", left_out={*Phase} - {Phase.VOTING})
    budget.phases[0].starts_at, budget.phases[0].ends_at = NOW - timedelta(days=40), NOW - timedelta(days=30)
    project(town, budget, state=ProjectState.CHOSEN)
    db.session.commit()
    site = browse()
    assert lines(site)[0] == [
        "질문 2026. 11. 9.(월) 둔치", "모집·공모 2026. 11. 7.(토) 모집",
        "주민참여예산 2026. 10. 11.(일) 우리 동네 사업 사업 1개를 골랐어요.", "공론장 2020. 1. 1.(수) · 독산1동 새해 모임",
        "찾아가는 날 2019. 12. 31.(화) · 가산동 골목 살피기 가로등을 더 단다 · 그 밖에 1건이 더 있어요. 회의록 골목 살피기 사진 2장"]
    first, root = lines(site, f"?year=2019&neighbourhood={place.id}")
    assert len(first) == 1 and "골목 살피기" in first[0]
    assert root.xpath("//img/@src")[-1] == "/attachments/photo0/thumbnail"
    assert f"/forums/{visit.slug}/minutes" in root.xpath("//a/@href")
    assert "모두 1" in " ".join(root.xpath("//main//nav[2]")[0].text_content().split())
    site.get("/display?language=en")
    assert "가로등을 더 단다 · There is 1 more. Minutes" in lines(site, "?year=2019")[0][0]
    site.get("/display?language=ko")
    assert lines(site, "?year=2020")[0] == ["공론장 2020. 1. 1.(수) · 독산1동 새해 모임"]
    assert [row.split()[0] for row in lines(site, "?what=visit&q=살피")[0]] == ["찾아가는"]
    assert "이런 기록은 없어요." in lines(site, "?year=2018")[1].text_content()
    assert site.get("/archive?year=1").status_code == site.get("/archive?what=desk").status_code == 400
    table = site.get("/data/archive.csv?year=2019")
    assert table.status_code == 200 and f'"찾아가는 날","골목 살피기","2019-12-31","가산동","/forums/{visit.slug}"' in table.text


def test_an_empty_district_says_so_and_a_licence_is_the_districts(town, browse):
    site = browse()
    assert "아직 마친 일이 없어요." in lines(site)[1].text_content() and "공공누리" not in site.get("/archive").text
    saved(DistrictSetting(name="OPEN_LICENCE", value="1", earlier=[]))
    root = lines(site)[1]
    assert root.xpath("//a[@rel='license noopener']/@href") == ["https://www.kogl.or.kr/info/licenseType1.do"]
    assert "제1유형: 출처표시" in root.text_content() and "/archive" in browse().get("/").text
