"""Previews of things, read as a chat program reads them: by plain requests without cookies."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import current_app
from lxml import html
from PIL import Image

from civic_forum.outcomes.rules import Decision, Progress
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.proposals.rules import State
from civic_forum.sharing import drawing, queries, services
from tests.factories import MAY

from .things import KINDS, made, page_of, picture, with_picture

HOSTILE = ("<script>alert(1)</script> \"'& \u202eעברית\u202c",
           "\x00\x07가\x1b[31m나\ud83d".encode("utf-8", "replace").decode(),
           "😀👨‍👩‍👧 골목 🏳️‍🌈", "뷁힣" * 100, "가" * 200, " ", "\u200b\u2060", "ﷺ" * 40)


def tags(answer) -> dict[str, str]:
    """The `og:` of the head of a page, each once."""
    assert answer.status_code == 200
    found = [(one.get("property"), one.get("content"))
             for one in html.fromstring(answer.text).xpath("/html/head/meta[starts-with(@property, 'og:')]")]
    assert len(dict(found)) == len(found)
    return dict(found)


def shown(client, said: dict[str, str]) -> bytes:
    """The picture, fetched and looked at."""
    address = said["og:image"]
    assert address.startswith("http://127.0.0.1:8000/")
    answer = client.get(address.removeprefix("http://127.0.0.1:8000"))
    assert answer.status_code == 200 and answer.mimetype == said["og:image:type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable" and answer.headers["ETag"]
    assert "Set-Cookie" not in answer.headers
    with Image.open(io.BytesIO(answer.data)) as image:
        assert image.format == "JPEG"
        assert image.size == (int(said["og:image:width"]), int(said["og:image:height"])) == (1200, 630)
    assert len(answer.data) < 300_000  # some chats take no more
    again = client.get(address.removeprefix("http://127.0.0.1:8000"), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    return answer.data


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("kind", KINDS)
def test_a_chat_finds_title_sentence_and_picture(town, browse, kind):
    thing, path = made(town, kind)
    said = tags(browse().get(page_of(kind, thing)))
    assert said["og:title"] == (thing.question if kind == "agenda" else thing.title)
    assert said["og:url"] == f"http://127.0.0.1:8000{page_of(kind, thing)}" and said["og:site_name"] == "금천1번가"
    assert said["og:description"].endswith(".") and said["og:image:alt"].strip()
    assert said["og:image"].startswith(f"http://127.0.0.1:8000{path}/")
    first = shown(browse(), said)
    assert shown(browse(), said) == first
    sheet = browse().get(path)
    assert sheet.status_code == 200 and said["og:image"].removeprefix("http://127.0.0.1:8000") in sheet.text


@pytest.mark.both
def test_an_outcome_that_was_declined_is_told_without_a_price(town, browse):
    for decision, costs in ((Decision.PARTLY, True), (Decision.DECLINED, False)):
        outcome, _path = made(town, "outcome", decision=decision, promised_on=None, cost=87_000_000)
        assert ("원" in tags(browse().get(page_of("outcome", outcome)))["og:image:alt"]) is costs


def test_an_outcome_says_that_its_day_has_passed(town, browse):
    outcome, _path = made(town, "outcome", promised_on=date(2023, 12, 31))
    said = tags(browse().get(page_of("outcome", outcome)))["og:description"]
    assert said == "2023. 12. 31.(일)까지 하기로 약속했어요. 약속한 날이 지났는데 알린 것이 없어요."


def test_an_outcome_has_a_tick_once_it_is_done(town):
    for progress, decision, sign in ((Progress.DONE, Decision.DECIDED, "outcomes"),
                                     (Progress.IN_PROGRESS, Decision.DECIDED, "promised"),
                                     (Progress.PROMISED, Decision.PARTLY, "promised"),
                                     (Progress.PROMISED, Decision.DECLINED, "answered")):
        promised_on = None if decision is Decision.DECLINED else date(2023, 12, 31)
        outcome, _path = made(town, "outcome", decision=decision, progress=progress, promised_on=promised_on)
        assert services.face(queries.of("outcome", outcome.id)).place == sign
    assert drawing._SIGNS["outcomes"] is drawing._tick and drawing._SIGNS["promised"] is drawing._clock


@pytest.mark.both
def test_an_english_page_leads_to_the_same_picture(town, browse):
    proposal, _path = made(town, "proposal")
    client = browse()
    korean = tags(client.get(f"/proposals/{proposal.number}"))
    client.get("/display?language=en&next=/")
    english = tags(client.get(f"/proposals/{proposal.number}"))
    assert english["og:image"] == korean["og:image"] and english["og:description"] != korean["og:description"]


def test_equal_content_is_drawn_once_and_a_change_anew(town, browse, monkeypatch):
    proposal, path = made(town, "proposal", title="한 번만 그려요")
    drawn, draw = [], drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda *given: drawn.append(given) or draw(*given))
    first = tags(browse().get(f"/proposals/{proposal.number}"))
    for _again in range(3):
        shown(browse(), first)
    assert len(drawn) == 1
    proposal.support_count += 1
    db.session.commit()
    second = tags(browse().get(f"/proposals/{proposal.number}"))
    assert second["og:image"] != first["og:image"]
    shown(browse(), second)
    assert len(drawn) == 2
    for stale in (first["og:image"].removeprefix("http://127.0.0.1:8000"), f"{path}/{'0' * 20}.jpg"):
        answer = browse().get(stale)  # nobody makes the site draw what it does not say
        assert answer.status_code == 302 and f"http://127.0.0.1:8000{answer.location}" == second["og:image"]
    assert len(drawn) == 2


def test_a_picture_is_drawn_anew_when_the_day_is_over(town, browse, at):
    at(MAY)
    proposal, _path = made(town, "proposal", published_at=MAY)
    first = tags(browse().get(f"/proposals/{proposal.number}"))
    at(MAY + timedelta(minutes=2))
    assert tags(browse().get(f"/proposals/{proposal.number}")) == first
    at(MAY + timedelta(days=1))
    assert tags(browse().get(f"/proposals/{proposal.number}"))["og:image"] != first["og:image"]


def test_drawing_has_a_limit_and_what_is_kept_has_none(town, browse, monkeypatch):
    from civic_forum.sharing import views
    monkeypatch.setattr(views, "MOST_DRAWN", 1)
    titles = ("많이 그려요", "더 많이 그려요")
    first, second = (tags(browse().get(page_of("proposal", made(town, "proposal", title=one)[0]))) for one in titles)
    shown(browse(), first)
    assert browse().get(second["og:image"].removeprefix("http://127.0.0.1:8000")).status_code == 429
    shown(browse(), first)


def test_nobody_holds_a_connection_while_a_picture_is_drawn(town, browse, monkeypatch):
    proposal, _path = made(town, "proposal", title="혼자 그려요")
    said, held, draw = tags(browse().get(page_of("proposal", proposal))), [], drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda *given: held.append(db.session().in_transaction()) or draw(*given))
    shown(browse(), said)
    assert held == [False]


def test_the_pictures_that_are_kept_have_an_end(town, browse, monkeypatch):
    monkeypatch.setattr(services, "MOST", 3)
    proposal, _path = made(town, "proposal")
    for _one in range(6):
        proposal.support_count += 1
        db.session.commit()
        shown(browse(), tags(browse().get(f"/proposals/{proposal.number}")))
    assert len([*(Path(current_app.config["DATA"]) / "shared").iterdir()]) <= 3


def test_drawn_pictures_go_after_a_day_and_are_drawn_anew(town, browse, at):
    proposal, _path = made(town, "proposal")
    shown(browse(), tags(browse().get(page_of("proposal", proposal))))
    there = [*(Path(current_app.config["DATA"]) / "shared").iterdir()]
    assert there and services.forget_old() == 0
    at(clock.now() + timedelta(hours=25))
    assert services.forget_old() == len(there) and services.forget_old() == 0
    assert shown(browse(), tags(browse().get(page_of("proposal", proposal))))


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_breaks_a_page_a_picture_or_a_file(town, browse, title):
    proposal, path = made(town, "proposal", title=title[:200].replace("\x00", ""))
    said = tags(browse().get(f"/proposals/{proposal.number}"))
    assert all(one.isprintable() for one in said["og:title"]) and "\u202e" not in said["og:title"]
    shown(browse(), said)
    for file in ("", "/poster", "/calendar.ics"):
        answer = browse().get(path + file)
        assert answer.status_code == 200 and ("<script>alert" not in answer.text or file == "/calendar.ics")
    assert browse().get(f"{path}/poster.pdf").data.startswith(b"%PDF-")


def test_the_picture_of_the_thing_stands_in_it(town, browse):
    def right_side(proposal) -> tuple[int, int, int]:
        data = shown(browse(), tags(browse().get(f"/proposals/{proposal.number}")))
        return Image.open(io.BytesIO(data)).convert("RGB").getpixel((1000, 300))

    red, green, blue = right_side(with_picture(town, town.proposal(), picture("#10c020")))
    assert green > 150 and red < 60 and blue < 80
    broken = with_picture(town, town.proposal(), b"no picture at all")
    assert right_side(broken)[2] > 150  # its sign stands there


def nothing(browse, path: str, kind: str, thing, *, page: int | None) -> None:
    for file in ("", "/poster", "/poster.pdf", "/calendar.ics", f"/{'0' * 20}.jpg"):
        assert browse().get(path + file).status_code == 404
    answer = browse().get(page_of(kind, thing))
    if page:
        assert answer.status_code == page
    assert "og:" not in answer.text and "data-share" not in answer.text and path not in answer.text


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("kind", "facts"), [
    ("proposal", {"state": State.HELD, "published_at": None}), ("proposal", {"state": State.WITHDRAWN}),
    ("proposal", {"hidden_at": MAY, "hidden_rule": "privacy"}), ("agenda", {"published_at": None}),
    ("poll", {"state": "preparing"}), ("budget_round", {"announced_at": None}),
    ("project", {"hidden_at": MAY, "hidden_rule": "privacy"}), ("forum", {"announced_at": None}),
    ("outcome", {"published_at": None})])
def test_nothing_is_passed_on_that_not_everybody_may_read(town, browse, kind, facts):
    thing, path = made(town, kind, **facts)
    nothing(browse, path, kind, thing, page=None)
    moderator = browse(town.moderator())
    assert moderator.get(path).status_code == 404  # staff who read it pass nothing on either


def test_a_thing_that_is_hidden_takes_its_picture_along(town, browse):
    proposal, path = made(town, "proposal")
    said = tags(browse().get(f"/proposals/{proposal.number}"))
    shown(browse(), said)
    proposal.hidden_at, proposal.hidden_rule = clock.now(), "privacy"
    db.session.commit()
    assert browse().get(said["og:image"].removeprefix("http://127.0.0.1:8000")).status_code == 404
    nothing(browse, path, "proposal", proposal, page=200)


@pytest.mark.parametrize("path", ["/share/proposals/2026-9999", "/share/people/1", "/share/outcomes/0",
                                  "/share/outcomes/x", "/share/projects/round.A01", "/share/projects/nothing",
                                  "/share/polls/%00"])
def test_an_address_of_nothing_is_no_address(town, browse, path):
    assert browse().get(path).status_code == 404


