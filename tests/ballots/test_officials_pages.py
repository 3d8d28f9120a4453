"""The desk page on which two officials open, close, destroy a key and publish."""

import re

import pytest

from civic_forum.ballots import operations as opening
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.keys import backups as backup_list
from civic_forum.ballots.officials import views as officials
from civic_forum.ballots.published import records
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.accounts.people import PASSWORD, password_hash
from tests.accounts.test_second_factor import code
from tests.ballots.boxes import box
from tests.ballots.officials import COPIES, DESTROY_KEY, EARLY, after, both, observers_sign, two_confirm, with_codes
from tests.ballots.test_confirmations import change
from tests.ballots.test_publication import watched


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


def propose(client, made, **fields):
    page = text_of(client, made)
    action = re.search(r'name="action" value="(\w+)"', page)[1]
    assert post(client, made, "proposals", **{"seen": seen(page), "action": action} | fields).status_code == 303
    return action


def confirm(client, made, **fields):
    page = text_of(client, made)
    number = re.search(r"proposals/(\d+)/confirmation", page)[1]
    return post(client, made, f"proposals/{number}/confirmation", **{"seen": seen(page), "password": PASSWORD} | fields)


@pytest.mark.in_turns(of=5)
def test_from_the_opening_to_the_publication(town, two):
    one, other = two
    made = box(12, opened=False)
    assert propose(one, made) == "open"
    assert "확인을 기다려요" in text_of(one, made) and '/confirmation"' not in text_of(one, made)
    assert confirm(other, made).status_code == 303 and made.row.opened_at is not None
    made.cast(made.voters[0], 1)
    after(3700)
    assert "세고 기록 만들기" in text_of(one, made)
    assert post(one, made, "steps").status_code == 303
    assert made.row.recorded_at is not None and made.row.erased_at is None
    page = text_of(one, made)
    assert "0명이고, 1명이 있어야 해요" in page and 'value="destroy_key"' not in page
    observers_sign(made.id)
    page = text_of(one, made)
    refused = post(one, made, "proposals", seen=seen(page), action="destroy_key")
    assert refused.status_code == 422 and "복사본" in refused.get_data(as_text=True)
    assert propose(one, made, note=COPIES) == "destroy_key"
    assert COPIES in text_of(other, made) and made.row.erased_at is None
    assert confirm(other, made).status_code == 303 and not keyring.is_there(made.id)
    assert made.row.erased_at is not None and COPIES in text_of(one, made)
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


@pytest.mark.both
def test_the_list_shows_every_stage_and_what_waits(town, two):
    made, rehearsal = box(12, opened=False), box(3, rehearsal=True)
    propose(two[0], made)
    mine, others = (client.get("/desk/votes/confirmations").get_data(as_text=True) for client in two)
    assert "다른 담당관을 기다려요" in mine and "확인을 기다리고 있어요" in others
    assert rehearsal.id.hex() in mine and "예행연습" in mine and "준비 중" in mine
    assert "두 사람이 확인하기" in two[1].get("/desk").get_data(as_text=True)


@pytest.mark.in_turns(of=5)
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


@pytest.mark.in_turns(of=5)
def test_the_time_of_a_large_count_is_said_before(town, two, monkeypatch):
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


@pytest.mark.both
def test_before_the_password_it_is_said_what_is_confirmed(town, two):
    made = box(12, opened=False)
    propose(two[0], made)
    page = text_of(two[1], made)
    before = page[:page.index('name="password"')]
    for said in ("하고 싶은 것을 골라 주세요.", "1번 항목", "4번 항목", "명부에 있는 사람", "12명", "2개까지", "결과를 그대로 따라요.",
                 "되돌릴 수 없어요", "합계만 공개", "처음 제안한 내용이에요"):
        assert said in before, said
    assert made.fingerprint.hex() not in before and made.fingerprint.hex() in page


def test_changes_since_the_last_proposal_are_said_and_the_old_one_is_void(town, two):
    made = box(12, opened=False)
    propose(two[0], made)
    renamed = [one | ({"title": "그늘막 놓기"} if one["number"] == 2 else {})
               for one in opening.parts_of(made.row)["options"]]
    change(made, options=renamed, binding="그대로 따르고 이유를 알려요.")
    for client in two:
        page = text_of(client, made)
        assert "무효가 된 제안" in page and '/confirmation"' not in page
        assert "항목 2의 이름: 2번 항목 → 그늘막 놓기" in page
        assert "반영 방식: 결과를 그대로 따라요. → 그대로 따르고 이유를 알려요." in page
    propose(two[1], made)
    page = text_of(two[0], made)
    assert "무효가 된 제안" not in page
    assert page.index("항목 2의 이름: 2번 항목 → 그늘막 놓기") < page.index('name="password"')


def test_the_reason_stands_before_the_password(town, two):
    made = box(12)
    page = text_of(two[0], made)
    refused = post(two[0], made, "proposals", seen=seen(page), action="close_early", note=" ")
    assert refused.status_code == 422 and "왜 일찍" in refused.get_data(as_text=True)
    propose(two[0], made, note=EARLY)
    page = text_of(two[1], made)
    assert page.index(EARLY) < page.index('name="password"') and 'name="note"' not in page
    assert confirm(two[1], made).status_code == 303 and made.row.closed_at is not None


@pytest.mark.in_turns(of=5)
def test_a_code_of_the_second_factor_is_asked_of_whoever_has_one(town, browse, two):
    made, official = box(12, opened=False), with_codes(town.official(password_hash=password_hash()))
    propose(two[0], made)
    client = browse(official)
    assert 'name="code"' in text_of(client, made) and 'name="code"' not in text_of(two[1], made)
    for wrong in ({}, {"code": "000000"}):
        page = confirm(client, made, **wrong)
        assert page.status_code == 422 and "숫자 6자리가 맞지 않아요" in page.get_data(as_text=True)
    assert made.row.opened_at is None
    assert confirm(client, made, code=code(official)).status_code == 303 and made.row.opened_at is not None


def test_passwords_and_codes_are_not_guessed_here(town, two, app):
    app.config["LIMIT_SIGN_IN_NAME"] = 3
    made = box(12, opened=False)
    propose(two[0], made)
    for _guess in range(3):
        assert confirm(two[1], made, password="바람 부는 언덕의 집").status_code == 422
    assert confirm(two[1], made).status_code == 429 and made.row.opened_at is None


@pytest.mark.in_turns(of=5)
def test_both_editions_are_there_to_keep_as_soon_as_they_are_written(town, two):
    made = box(12)
    made.cast(made.voters[0], 1)
    after(3700)
    here = f"/desk/votes/{made.id.hex()}"
    assert two[0].get(f"{here}/record.zip").status_code == two[0].get(f"{here}/observers.zip").status_code == 404
    post(two[0], made, "steps")
    page = text_of(two[1], made)
    assert f'{here}/record.zip"' in page and f'{here}/observers.zip"' in page
    for name, written in (("record", records.public), ("observers", records.observers)):
        with two[1].get(f"{here}/{name}.zip") as answer:
            assert answer.data == written(made.row).read_bytes() and "private" in answer.headers["Cache-Control"]


@pytest.mark.in_turns(of=5)
def test_backups_are_said_to_be_deleted_one_by_one(town, two, tmp_path):
    made = box(12)
    kept, gone = tmp_path / "kept", tmp_path / "gone"
    kept.mkdir()
    for folder in (kept, gone):
        backup_list.note(folder)
    after(3700)
    post(two[0], made, "steps")
    page = text_of(two[0], made)
    assert "백업이 2개" in page and page.count(">지웠어요") == 2 and 'value="destroy_key"' not in page
    assert post(two[0], made, "backups/deletions", name=str(gone)).status_code == 303
    assert "아직 그대로" in post(two[0], made, "backups/deletions", name=str(kept)).get_data(as_text=True)
    assert post(two[0], made, "backups/deletions", name=str(tmp_path / "other")).status_code == 404
    assert backup_list.left(made.id) == [str(kept)]
    kept.rmdir()
    observers_sign(made.id)
    post(two[0], made, "backups/deletions", name=str(kept))
    page = text_of(two[1], made)
    assert "지웠다고 적었어요" in page and 'value="destroy_key"' in page


@pytest.mark.in_turns(of=5)
def test_a_destruction_that_was_cut_off_is_finished_by_one_of_them(town, two):
    made = box(12)
    after(3700)
    post(two[0], made, "steps")
    two_confirm(DESTROY_KEY, made.id, *both(town))
    page = text_of(two[0], made)
    assert "이어서 없애기" in page and "destroy_key" not in page and made.row.erased_at is None
    assert post(two[0], made, "steps").status_code == 303
    assert made.row.key_destroyed_at is not None and not keyring.is_there(made.id)


def steps(page):
    """Names of the steps on the page by how far they are."""
    found = re.findall(r'<li class="(done|now|later)"[^>]*>\s*<b>([^<]+)</b>', page)
    return {state: [name for one, name in found if one == state] for state in ("done", "now", "later")}


@pytest.mark.in_turns(of=5)
def test_the_way_of_a_vote_names_one_next_step_at_every_stage(town, two):
    made = box(12, opened=False, **watched())
    every, passed = [], []
    for act in (lambda: (propose(two[0], made), confirm(two[1], made)), lambda: after(3700),
                lambda: post(two[0], made, "steps"), lambda: observers_sign(made.id),
                lambda: (propose(two[0], made, note=COPIES), confirm(two[1], made)),
                lambda: (propose(two[0], made), confirm(two[1], made))):
        page = text_of(two[1], made)
        found = steps(page)
        [following] = found["now"]
        assert f"다음 할 일: {following}" in page
        every.append(following)
        passed.append(len(found["done"]))
        act()
    page = text_of(two[1], made)
    assert every == ["두 사람이 확인하고 열기", "투표 끝", "세고 기록 만들기", "참관인이 다시 세고 서명하기", "투표지와 열쇠 없애기", "결과 공개하기"]
    assert passed == [1, 3, 5, 6, 7, 8] and "모두 마쳤어요" in page and not steps(page)["now"] + steps(page)["later"]
    assert "님 제안" in page and COPIES in page


@pytest.mark.in_turns(of=5)
def test_signatures_that_nobody_gave_are_not_said_to_be_done(town, two):
    made = box(12, opened=False, **watched())
    propose(two[0], made), confirm(two[1], made), after(3700), post(two[0], made, "steps")
    made.row.erased_at = clock.now()
    db.session.commit()
    page = text_of(two[1], made)
    assert "참관인이 다시 세고 서명하기" in steps(page)["later"] and '<span class="sr-only">하지 않았어요</span>' in page
    assert "서명을 먼저 기다려 주세요" in page
