"""The desk page on which two officials open, close, destroy a key and publish."""

import re

import pytest

from civic_forum.accounts.rules import Role
from civic_forum.ballots import keyring, records
from civic_forum.ballots.views import officials
from civic_forum.kernel.base import db
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.boxes import box
from tests.ballots.officials import COPIES, after


@pytest.fixture
def two(town, browse):
    """Two officials, each in a browser of their own."""
    return [browse(town.official(password_hash=password_hash())), browse(town.moderator(password_hash=password_hash()))]


def text_of(client, made):
    page = client.get(f"/desk/votes/{made.id.hex()}")
    assert page.status_code == 200
    return page.get_data(as_text=True)


def post(client, made, path, **fields):
    db.session.rollback()
    return client.post(f"/desk/votes/{made.id.hex()}/{path}", data=fields)


def seen(page):
    return re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]


def propose(client, made):
    page = text_of(client, made)
    action = re.search(r'name="action" value="(\w+)"', page)[1]
    assert post(client, made, "proposals", seen=seen(page), action=action).status_code == 303
    return action


def confirm(client, made, **fields):
    page = text_of(client, made)
    number = re.search(r"proposals/(\d+)/confirmation", page)[1]
    return post(client, made, f"proposals/{number}/confirmation", **{"seen": seen(page), "password": PASSWORD} | fields)


def test_from_the_opening_to_the_publication(town, two):
    one, other = two
    made = box(12, opened=False)
    assert propose(one, made) == "open"
    assert "확인을 기다려요" in text_of(one, made) and '/confirmation"' not in text_of(one, made)
    assert confirm(other, made).status_code == 303 and made.row.opened_at is not None
    made.cast(made.voters[0], 1)
    after(3700)
    assert "세고 기록 만들기" in text_of(one, made)
    assert post(one, made, "steps").status_code == 303 and made.row.erased_at is not None
    assert propose(one, made) == "destroy_key"
    refused = confirm(other, made)
    assert refused.status_code == 422 and "복사본" in refused.get_data(as_text=True) and keyring.is_there(made.id)
    assert confirm(other, made, note=COPIES).status_code == 303 and not keyring.is_there(made.id)
    assert COPIES in text_of(one, made)
    assert propose(other, made) == "publish"
    assert confirm(one, made).status_code == 303 and made.row.published_at is not None
    page = text_of(one, made)
    assert made.row.public_sha256.hex() in page and "만들 때 그대로예요" in page


def test_a_wrong_password_confirms_nothing(town, two):
    one, other = two
    made = box(12, opened=False)
    propose(one, made)
    for password in ("바람 부는 언덕의 집", ""):
        page = confirm(other, made, password=password)
        assert page.status_code == 422 and "비밀번호" in page.get_data(as_text=True)
    assert made.row.opened_at is None


def test_the_proposer_cannot_confirm_past_the_page(town, two):
    made = box(12, opened=False)
    propose(two[0], made)
    page = text_of(two[1], made)
    number = re.search(r"proposals/(\d+)/confirmation", page)[1]
    answer = post(two[0], made, f"proposals/{number}/confirmation", seen=seen(page), password=PASSWORD)
    assert answer.status_code == 403 and made.row.opened_at is None
    strange = box(12, opened=False)
    answer = post(two[1], strange, f"proposals/{number}/confirmation", seen=seen(page), password=PASSWORD)
    assert answer.status_code == 404


def test_a_proposal_is_withdrawn(town, two):
    made = box(12, opened=False)
    propose(two[0], made)
    number = re.search(r"proposals/(\d+)/confirmation", text_of(two[1], made))[1]
    assert post(two[1], made, f"proposals/{number}/withdrawal").status_code == 303
    assert "거둠" in text_of(two[0], made)
    assert post(two[1], made, f"proposals/{number}/withdrawal").status_code == 409


@pytest.mark.parametrize(("fields", "status"), [
    ({"seen": "00" * 32, "action": "open"}, 409), ({"seen": "zz", "action": "open"}, 422), ({}, 422),
    ({"seen": "00" * 32, "action": "explode"}, 422), ({"seen": "00" * 32, "action": "publish"}, 409)])
def test_a_form_that_makes_no_sense_is_refused_with_a_sentence(town, two, fields, status):
    made = box(12, opened=False)
    page = post(two[0], made, "proposals", **fields)
    assert page.status_code == status and "하지 못했어요" in page.get_data(as_text=True)


def test_the_list_shows_every_stage_and_what_waits(town, two):
    made, rehearsal = box(12, opened=False), box(3, rehearsal=True)
    propose(two[0], made)
    mine, others = (client.get("/desk/votes/confirmations").get_data(as_text=True) for client in two)
    assert "다른 담당자를 기다려요" in mine and "확인을 기다리고 있어요" in others
    assert rehearsal.id.hex() in mine and "예행연습" in mine and "준비 중" in mine
    assert "두 사람이 확인하기" in two[1].get("/desk").get_data(as_text=True)


@pytest.mark.parametrize("role", [None, "resident", "clerk", "observer"])
def test_nobody_else_sees_or_does_any_of_it(town, browse, role):
    made = box(12, opened=False)
    user = {None: lambda: None, "resident": town.resident, "clerk": town.clerk,
            "observer": lambda: town.staff(Role.OBSERVER)}[role]()
    client, base = browse(user), f"/desk/votes/{made.id.hex()}"
    expected = (302, 401, 403)
    for path in (base, "/desk/votes/confirmations"):
        assert client.get(path).status_code in expected
    for path in ("/proposals", "/proposals/1/confirmation", "/proposals/1/withdrawal", "/steps"):
        assert client.post(base + path, data={}).status_code in expected
    assert made.row.opened_at is None


def test_no_page_here_tells_a_count_before_the_publication(town, two):
    made = box(12)
    for voter in made.voters[:7]:
        made.cast(voter, 3)
    pages = [text_of(two[0], made)]
    after(3700)
    post(two[0], made, "steps")
    pages.append(text_of(two[0], made))
    assert made.row.result is not None
    assert not any('"votes"' in page or "7표" in page or made.row.result in page for page in pages)


def test_a_box_that_does_not_exist_is_not_found(town, two):
    for name in ("0" * 32, "xyz", "0" * 31):
        assert two[0].get(f"/desk/votes/{name}").status_code == 404


def test_while_it_is_counted_the_page_says_so_and_offers_no_second_count(town, two):
    made = box(12)
    made.cast(made.voters[0], 1)
    after(3700)
    assert "지금 하고 있어요" not in text_of(two[0], made)
    with records.turn(made.id):
        page = text_of(two[1], made)
        assert "지금 하고 있어요" in page and "다 됐는지 보기" in page and '/steps"' not in page
    page = text_of(two[1], made)
    assert "지금 하고 있어요" not in page and '/steps"' in page


def test_how_long_a_large_count_may_take_is_said_before(town, two, monkeypatch):
    made = box(12)
    for voter in made.voters[:5]:
        made.cast(voter, 1)
    after(3700)
    assert "분쯤 걸릴 수 있어요" not in text_of(two[0], made)
    monkeypatch.setattr(officials, "A_MOMENT", 319)
    assert "1분쯤 걸릴 수 있어요" in text_of(two[0], made)
    monkeypatch.setattr(officials, "A_MINUTE", 120)
    assert "3분쯤 걸릴 수 있어요" in text_of(two[0], made)
    post(two[0], made, "steps")
    assert "걸릴 수 있어요" not in text_of(two[0], made)
