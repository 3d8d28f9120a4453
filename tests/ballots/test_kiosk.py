"""The kiosk as the person at it sees it: a code, a ballot, a receipt, and then nothing any more."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import UserSession
from civic_forum.ballots.models import Promise
from civic_forum.ballots.kiosk.models import KioskPass
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db

from tests import limits

from .kiosks import at_kiosk

HIDDEN = re.compile(r'name="(fingerprint|form_key|state|mine)" value="([0-9a-f]+)"')


@pytest.fixture
def code(town, vote):
    return code_for(town, vote, vote.voter())


def code_for(town, vote, voter):
    clerk = town.clerk()
    return kiosk.issue(vote.box_id, voter.visit(clerk), by=clerk).code


def begin(browse, code):
    """Somebody at the kiosk who typed the code."""
    client = at_kiosk(browse())
    answer = client.post("/kiosk", data={"code": code})
    assert answer.status_code == 303 and answer.headers["Location"] == "/kiosk/ballot"
    return client


def ballot(client):
    page = client.get("/kiosk/ballot")
    assert page.status_code == 200, page.headers.get("Location")
    return dict(HIDDEN.findall(page.text))


def cookies(answer):
    return {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_a_code_opens_a_ballot_once(town, browse, vote, code):
    client = begin(browse, f"{code[:4]} {code[4:]}")
    page = client.get("/kiosk/ballot").text
    assert "빈 가게를 어떻게 쓸까요" in page and 'href="/proposals"' not in page and "내 정보" not in page
    again = at_kiosk(browse()).post("/kiosk", data={"code": code})
    assert again.status_code == 404 and "번호가 맞지 않거나" in again.text


def test_codes_that_are_none(town, browse, vote):
    no_code, unknown = "숫자 8자리를 적어 주세요", "번호가 맞지 않거나 시간이 지났어요"
    for wrong, why in (("", no_code), ("1234", no_code), ("00000000", unknown), ("abcdefgh", no_code),
                       ("１２３４５６７８", no_code), ("1" * 500, no_code)):
        limits.forget()
        answer = at_kiosk(browse()).post("/kiosk", data={"code": wrong})
        assert answer.status_code == 404 and why in answer.text, wrong


def test_a_refusal_at_a_kiosk_leads_nowhere_else(app, town, browse, vote, monkeypatch):
    client = at_kiosk(browse())
    tried = [client.post("/kiosk", data={"code": "12345678"}) for _time in range(7)]
    assert tried[-1].status_code == 429
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    forged = client.post("/kiosk/casts", data={"option": "1"})
    assert forged.status_code == 400
    for page in (tried[-1].text, forged.text):
        assert 'href="/kiosk"' in page and 'href="/"' not in page and 'href="/sign-in"' not in page


def test_the_cookie_of_the_kiosk_is_its_own(town, browse, vote, code):
    answer = at_kiosk(browse()).post("/kiosk", data={"code": code})
    line = cookies(answer)["kiosk"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/kiosk", "Max-Age=600"):
        assert part in line
    assert code not in line


def test_a_ballot_is_cast_as_assisted(town, browse, vote, code):
    client = begin(browse, code)
    answer = client.post("/kiosk/casts", data=ballot(client) | {"option": ["2", "5"]})
    assert answer.status_code == 200 and "투표했어요" in answer.text and "화면 지우기" in answer.text
    assert "확인증 파일 저장하기" not in answer.text and "5번 쓰임새" not in answer.text
    assert vote.by_channel() == {Channel.ASSISTED: 1}


def test_a_ballot_as_json_gives_the_slip_alone(town, browse, vote, code):
    client = begin(browse, code)
    choice = vote.rule.encode({1: 1}).hex()
    sent = ballot(client) | {"choice": choice}
    answer = client.post("/kiosk/casts", json=sent, headers={"Accept": "application/json"})
    assert answer.status_code == 200 and set(answer.json) == {"slip"}
    assert set(answer.json["slip"]) == {"tracker", "address", "key_fingerprint", "path"}
    assert "Set-Cookie" not in answer.headers
    again = client.post("/kiosk/casts", json=sent, headers={"Accept": "application/json"})
    assert again.status_code == 404 and vote.revisions() == [1]


def test_every_choice_has_one_length(town, browse, vote):
    seen = set()
    for chosen in ({1: 1}, {2: 1, 3: 1}, {4: 1, 5: 1}, None):
        client = begin(browse, code_for(town, vote, vote.voter()))
        choice = vote.rule.encode(chosen) if chosen else vote.rule.blank_choice()
        answer = client.post("/kiosk/casts", json=ballot(client) | {"choice": choice.hex()},
                             headers={"Accept": "application/json", "Accept-Encoding": "gzip"})
        seen.add((answer.status_code, len(answer.data), tuple(sorted((k, len(v)) for k, v in answer.headers.items()))))
    assert len(seen) == 1


def test_too_much_without_script_comes_back(town, browse, vote, code):
    client = begin(browse, code)
    answer = client.post("/kiosk/casts", data=ballot(client) | {"option": ["1", "2", "3"]})
    assert answer.status_code == 422 and "2까지만" in answer.text and answer.text.count(" checked") == 3
    assert client.post("/kiosk/casts", data=dict(HIDDEN.findall(answer.text)) | {"option": "3"}).status_code == 200


def test_afterwards_nothing_is_there(town, browse, vote, code):
    client = begin(browse, code)
    client.get("/display?text=xl&back=/kiosk/ballot")
    form = ballot(client)
    assert client.post("/kiosk/casts", data=form | {"option": "2"}).status_code == 200
    assert client.get("/kiosk/ballot").headers["Location"] == "/kiosk"
    done = client.post("/kiosk/done")
    assert done.status_code == 303 and done.headers["Location"] == "/kiosk"
    assert done.headers["Clear-Site-Data"] == '"cache", "storage"'
    gone = cookies(done)
    assert all("Max-Age=0" in gone[name] for name in ("kiosk", "text", "contrast", "language"))
    assert client.get_cookie("kiosk", path="/kiosk") is None and client.get_cookie("text") is None
    assert client.post("/kiosk/casts", data=form | {"option": "2"}).status_code == 404
    assert vote.revisions() == [1]


def test_nobody_touched_the_screen(town, browse, vote, code):
    client = begin(browse, code)
    page = client.get("/kiosk/ballot").text
    assert re.search(r'http-equiv="refresh" content="\d{3};url=/kiosk/over"', page)
    over = client.get("/kiosk/over")
    assert "화면을 지웠어요" in over.text and over.headers["Clear-Site-Data"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(KioskPass)) == 0
    assert client.get("/kiosk/ballot").headers["Location"] == "/kiosk"


def test_somebody_goes_without_voting(town, browse, vote, code):
    client = begin(browse, code)
    client.post("/kiosk/done")
    assert client.get("/kiosk/ballot").status_code == 302 and vote.by_channel() == {}


def test_after_the_close(town, browse, vote):
    clock.shift(int(timedelta(minutes=55).total_seconds()))
    client = begin(browse, code_for(town, vote, vote.voter()))
    form = ballot(client)
    clock.shift(int(timedelta(minutes=61).total_seconds()))
    late = client.post("/kiosk/casts", data=form | {"option": "2"})
    assert late.status_code == 409 and re.search(r"\d\d:\d\d:\d\d에 도착해", late.text)
    told = client.post("/kiosk/casts", json=form | {"choice": vote.rule.encode({2: 1}).hex()},
                       headers={"Accept": "application/json"})
    assert told.status_code == 409 and told.json["type"] == "closed"


@pytest.mark.in_turns(of=5)
def test_opening_the_kiosk_signs_the_clerk_out_of_this_browser_only(town, browse, vote):
    clerk = town.clerk()
    here, elsewhere = at_kiosk(browse(clerk)), browse(clerk)
    asks = here.get("/kiosk").text
    assert "로그아웃하고 투표소 열기" in asks and 'name="code"' not in asks
    opened = here.post("/kiosk/opening")
    assert opened.status_code == 303 and opened.headers["Clear-Site-Data"]
    assert here.get("/me").status_code == 302 and elsewhere.get("/me").status_code == 200
    assert 'name="code"' in here.get("/kiosk").text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(UserSession)) == 1


def test_typing_a_code_signs_out_as_well(town, browse, vote, code):
    client = at_kiosk(browse(town.clerk()))
    client.post("/kiosk", data={"code": code})
    assert client.get("/me").status_code == 302 and client.get("/kiosk/ballot").status_code == 200


def test_nothing_is_noted_of_who_voted(town, browse, vote, code):
    client = begin(browse, code)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    answer = client.post("/kiosk/casts", data=ballot(client) | {"blank": "1"})
    assert answer.headers["Cache-Control"] == "no-store" and "Content-Encoding" not in answer.headers
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Promise)) == 1
