"""The first screen of a ballot on a phone, its bar, and the picture that a receipt is saved as."""

import json
from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

from civic_forum.attachments import operations as files
from civic_forum.attachments import services as attachments
from civic_forum.attachments.models import AttachmentSet
from civic_forum.budgets.projects.models import Project
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.polls.models import Option
from civic_forum.polls.process import PICTURES
from tests.attachments.making import jpeg
from tests.budgets import making
from tests.factories import saved
from tests.polls.making import opened, options, voter
from tests.servers import chromium, in_process

from .voters import checks, closes

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
SCREEN = 844
BAR = 80


def hang(set_id: int, by):
    return files.add(db.session, set_id, prepared=attachments.prepare(FileStorage(BytesIO(jpeg()), "a.jpg")),
                     description="그늘과 의자", by=by, at=clock.now())


@pytest.fixture
def phone(app, served, window):
    """A window of 390 by 844 of somebody: `phone(user)`."""

    def open_window(user, width=chromium.PHONE):
        page = window(width=width, base_url=served)
        page.set_viewport_size({"width": width, "height": SCREEN})
        return in_process.sign_in(page, app, served, user)

    return open_window


@pytest.fixture
def poll(town):
    """One of three options, each with a picture and a cost."""
    town.ada = voter(town)
    made = opened(town, options=[one | {"cost": 42_000} for one in options(3)])
    for option in db.session.scalars(sa.select(Option).filter_by(poll_id=made.id)).all():
        of_option = saved(AttachmentSet(kind=PICTURES, owner_id=option.id))
        option.picture = hang(of_option.id, town.ada)
        db.session.commit()
    return made


@pytest.fixture
def budget_round(town):
    """Two envelopes; the first project of each has a picture, the second envelope holds no more than its money."""
    town.ada = making.voter(town)
    made = making.new_round(town, phase=making.Phase.VOTING, envelopes=1)
    purse = making.envelope(made, amount=30_000_000, within_money=True, max_choices=3)
    for envelope in (made.envelopes[0], purse):
        for cost in (10_000_000, 15_000_000, 20_000_000):
            project = making.project(town, made, envelope=envelope, cost=cost)
            hang(project.attachment_set_id, town.ada)
    db.session.commit()
    return making.opened(town, budget_round=made)


def first_option_is_seen(page) -> None:
    """All of it above the bar, with its picture; the bar is slim; nothing is ticked."""
    first, bar = page.locator("[data-option]").first, page.locator(".tray").bounding_box()
    picture = first.locator("img")
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    box = first.bounding_box()
    assert picture.bounding_box()["height"] > 60
    assert box["y"] + box["height"] <= bar["y"], "it is not seen without scrolling"
    assert bar["height"] <= BAR and bar["y"] + bar["height"] == SCREEN
    assert page.locator("input:checked").count() == 0
    assert page.locator(".strip:visible, footer:visible, nav.crumb").count() == 0


def test_of_a_poll(poll, phone, town):
    page = phone(town.ada)
    assert page.goto(f"/polls/{poll.slug}/ballot").status == 200
    first_option_is_seen(page)
    assert page.locator("[data-sum]").count() == 0 and "합계" not in page.locator("main").inner_text()
    page.locator("#option-2").check()
    assert page.locator("[data-picked]").inner_text() == "2번 사업"
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("[data-next]").click()
    assert page.locator("[data-look] canvas").is_visible() and page.locator("[data-cast]").bounding_box()["y"] < SCREEN
    page.wait_for_timeout(300)
    assert asked == [], "a picture that is asked for again tells what was chosen"


@pytest.mark.parametrize("path", ["ballot", "envelope-1/ballot", "envelope-2/ballot"])
def test_of_a_round(budget_round, phone, town, path):
    page = phone(town.ada)
    assert page.goto(f"/budgets/{budget_round.slug}/{path}").status == 200
    first_option_is_seen(page)


def test_the_bar_keeps_its_height_whatever_it_says(budget_round, phone, town):
    for width in (chromium.PHONE, chromium.DESKTOP):
        page = phone(town.ada, width)
        assert page.goto(f"/budgets/{budget_round.slug}/ballot/all").status == 200
        for number in (1, 2):
            page.locator(f"#envelope-2-option-{number}").check()
            assert page.locator(".tray").bounding_box()["height"] <= BAR
        dear = page.locator("#envelope-2-option-3")
        assert page.locator("#envelope-2-option-3-why").inner_text() == "1,500만 원이 모자라요"
        dear.focus()
        page.keyboard.press("Space")
        said, bar = page.locator("[data-said]").bounding_box(), page.locator(".tray").bounding_box()
        assert said["y"] + said["height"] < bar["y"] and bar["height"] <= BAR and not dear.is_checked()


def test_hidden_projects_lose_their_picture_on_the_ballot(budget_round, phone, town):
    page = phone(town.ada)
    for project in db.session.query(Project).filter_by(envelope_id=budget_round.envelopes[0].id):
        project.hidden_at = clock.now()
    db.session.commit()
    assert page.goto(f"/budgets/{budget_round.slug}/envelope-1/ballot").status == 200
    assert page.locator("[data-option]").count() == 3 and page.locator("[data-option] img").count() == 0


def chunks(data: bytes):
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at:at + 4])
        yield data[at + 4:at + 8], data[at + 8:at + 8 + size]
        at += size + 12


def test_a_receipt_saved_as_a_picture_is_checked_like_its_file(voting, tmp_path):
    ada = voting(chromium.PHONE)
    ada.opens()
    ada.chooses(1)
    ada.looks()
    ada.casts()
    number, asked = ada.number(), []
    ada.page.on("request", lambda request: request.url.startswith("http") and asked.append(request.url))
    with ada.page.expect_download() as saving:
        ada.main.get_by_role("button", name="사진으로 저장하기").click()
    assert saving.value.suggested_filename == f"receipt-{number}.png" and asked == []
    path = tmp_path / "receipt.png"
    saving.value.save_as(path)
    with Image.open(path) as picture:
        picture.load()
        assert picture.width == 1080 and 800 < picture.height < 2000
        assert json.loads(picture.text["civic-forum-receipt"])["tracker"] == number
    assert [name for name, _content in chunks(path.read_bytes())][-2:] == [b"tEXt", b"IEND"]
    assert number in ada.main.get_by_role("link", name="메일로 보내기").get_attribute("href")
    closes()
    ada.opens("/receipts")
    assert checks(ada, path) == ("내 표가 기록부에 있고, 이 표를 세요", {"ok": 5, "wait": 0, "no": 0})
    other = tmp_path / "other.png"
    Image.new("RGB", (8, 8)).save(other)
    assert checks(ada, other)[0].startswith("투표 확인증 파일이 아니거나")
