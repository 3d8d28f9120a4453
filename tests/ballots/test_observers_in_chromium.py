"""The pages of observers in a browser: a key that never leaves it, a signature made with it, everybody's eyes."""

import json
import re
import subprocess
import sys

import pytest

from civic_forum.accounts.rules import Role
from civic_forum.ballots.counting import publication
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.observing import services as observing
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import records
from civic_forum.ballots.observing.models import ObserverAsk
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.rules.signing import public_key
from civic_forum.platform.base import db
from tests.ballots.boxes import box
from tests.ballots.officials import after, both
from tests.ballots.test_refusals import SAYS, SEEDS, named, refuses, signed, sends
from tests.servers.axe import looks_right

pytestmark = pytest.mark.one_database
VIEWS = [(390, ""), (1280, "contrast=1"), *(pytest.param(*view, marks=pytest.mark.long) for view in (
    (320, "text=xl"), (1280, ""), (390, "text=xl")))]


def key_file(folder, seed):
    path = folder / "observer.key"
    path.write_text(json.dumps({"algorithm": "Ed25519", "format": 2, "public_key": public_key(seed).hex(),
                                "seed": seed.hex()}))
    return path


@pytest.fixture
def recorded(town):
    """A vote whose record waits for three observers; the first one asked from an account."""
    made = box(20, observers=named(*SEEDS), signatures=2)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    person = town.staff(Role.OBSERVER)
    db.session.add(ObserverAsk(box_id=made.id, user_id=person.id, name="참관인 1", public_key=public_key(SEEDS[0]),
                               at=made.row.opens_at))
    db.session.commit()
    after(3700)
    publication.carry_on(made.id, by=None)
    db.session.rollback()
    return made, person


def test_a_key_made_in_the_browser_is_one_of_the_verifier_s_and_never_leaves_it(town, signed_in, tmp_path):
    made = box(12, opened=False, opens=3600, closes=7200)
    person = town.staff(Role.OBSERVER)
    db.session.rollback()
    page = signed_in(person, width=390)
    sent = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto(f"/votes/{made.id.hex()}/observers")
    page.get_by_role("button", name="새 열쇠 만들기").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="열쇠 파일 내려받기").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    key = json.loads(path.read_text())
    assert path.read_text() == json.dumps(key) + "\n" and set(key) == {"algorithm", "format", "public_key", "seed"}
    assert public_key(bytes.fromhex(key["seed"])).hex() == key["public_key"]
    page.get_by_label("모두에게 보일 이름").fill("금천 참관인")
    page.get_by_role("button", name="참관 신청하기").click()
    page.get_by_text("신청했어요", exact=True).wait_for()
    looks_right(page, "asked")
    assert key["seed"] not in "".join(sent) and key["public_key"] in "".join(sent)
    [asked] = observed.asks(made.id)
    assert (asked.name, asked.public_key.hex(), asked.user_id) == ("금천 참관인", key["public_key"], person.id)


@pytest.mark.parametrize("agrees", [True, False])
def test_an_observer_signs_in_the_browser_and_the_verifier_reads_it(town, signed_in, recorded, tmp_path, agrees):
    made, person = recorded
    page, key = signed_in(person, width=390), key_file(tmp_path, SEEDS[0])
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    page.goto(f"/votes/{made.id.hex()}/observation")
    says, send = page.locator("[data-says]"), page.get_by_role("button", name="서명해서 보내기")
    send.click()
    assert "기록 파일을 골라" in says.inner_text()
    page.get_by_label("다시 센 참관인용 기록").set_input_files(records.public(made.row))
    send.click()
    page.get_by_text("이 투표의 참관인용 기록이 아니에요").wait_for()
    page.get_by_label("다시 센 참관인용 기록").set_input_files(records.observers(made.row))
    send.click()
    page.get_by_text("맞는지 틀린지 골라").wait_for()
    page.get_by_label("맞아요" if agrees else "틀렸어요").check()
    if not agrees:
        send.click()
        page.get_by_text("무엇이 틀렸는지 적어 주세요.", exact=True).wait_for()
    text = "표를 다시  셌어요.\n나\u0308비 \"둘\"" if agrees else "합계가\n한 표 달라요. <b>"
    page.get_by_label("덧붙이는 말").fill(text)
    page.get_by_label("내 열쇠 파일").set_input_files(key_file(tmp_path, SEEDS[1]))
    send.click()
    page.get_by_text("내가 서명할 수 있는 열쇠가 아니에요").wait_for()
    page.get_by_label("내 열쇠 파일").set_input_files(key_file(tmp_path, SEEDS[0]))
    looks_right(page, "before")
    send.click()
    page.get_by_text("서명을 받았어요").wait_for()
    looks_right(page, "after")
    assert SEEDS[0].hex().encode() not in b"".join(sent)
    [kept] = observed.statements(made.row)
    assert kept == signed(made, SEEDS[0], agrees=agrees, text=text)
    done = subprocess.run([sys.executable, "-I", "-S", str(publication.VERIFIER), str(records.observers(made.row)),
                           "--signatures", str(records.observed(made.row))], capture_output=True, text=True)
    assert done.returncode == 3 and ("1 of 3" if agrees else "1 refused") in done.stdout, done.stdout
    assert key.exists()


def test_the_file_of_the_verifier_is_handed_in_without_javascript(town, signed_in, recorded, tmp_path):
    made, person = recorded
    file = tmp_path / "signature.json"
    page = signed_in(person, width=390, javascript=False)
    page.goto(f"/votes/{made.id.hex()}/observation")
    page.get_by_text("내 컴퓨터에서 서명한 파일 올리기").click()
    assert not page.get_by_role("button", name="서명해서 보내기").is_visible()
    for content, says in ((b"{}", "서명 파일이 아니에요"), (json.dumps(signed(made, SEEDS[1]).to_json()).encode(), "서명을 받았어요")):
        file.write_bytes(content)
        page.get_by_label("서명 파일").set_input_files(file)
        page.get_by_role("button", name="서명 올리기").click()
        page.get_by_text(re.compile(says)).first.wait_for()
        looks_right(page, says)
    assert len(observed.statements(made.row)) == 1


def test_officials_name_those_who_asked_and_somebody_whom_they_type(town, signed_in):
    made = box(12, opened=False, opens=3600, closes=7200, observers=[], signatures=0)
    for number, seed in enumerate(SEEDS[:2], 1):
        observing.ask(made.id, f"참관인 {number}", public_key(seed).hex(), by=town.staff(Role.OBSERVER))
    official = town.official()
    db.session.rollback()
    page = signed_in(official, width=390)
    page.goto(f"/desk/votes/{made.id.hex()}")
    page.get_by_role("link", name="참관인 정하기").click()
    page.get_by_label(re.compile("참관인 1")).check()
    page.get_by_label("이름", exact=True).fill("적어 넣은 사람")
    page.get_by_label("공개 열쇠").fill("아니에요")
    page.get_by_label("맞다고 서명해야 하는 수").fill("1")
    page.get_by_role("button", name="이대로 정하기").click()
    assert "열쇠가 맞지 않아요" in page.inner_text("main")
    looks_right(page, "refused")
    page.get_by_label("공개 열쇠").fill(public_key(SEEDS[2]).hex())
    page.get_by_role("button", name="이대로 정하기").click()
    page.get_by_text("참관인을 정했어요").wait_for()
    looks_right(page, "named")
    assert [(one.name, one.key) for one in observed.observers(made.row)] == [
        ("참관인 1", public_key(SEEDS[0])), ("적어 넣은 사람", public_key(SEEDS[2]))]
    assert observed.needed(made.row) == 1


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "display"), VIEWS)
def test_every_page_for_everybody_s_eyes(town, signed_in, recorded, width, display):
    made, person = recorded
    one, other = both(town)
    fresh = box(12, opened=False, opens=3600, closes=7200)
    refuses(made, SEEDS[0], "합계가 한 표 달라요. 종이 한 장이 두 번 들어간 것 같아요.")
    sends(made, signed(made, SEEDS[1], text="다시 셌어요."))
    waits = confirmations.propose(ConfirmedAction.ANSWER_REFUSAL, made.id, note=SAYS, by=one)
    db.session.rollback()
    for user, paths in ((person, ("/votes/observers/key", f"/votes/{fresh.id.hex()}/observers",
                                  f"/votes/{made.id.hex()}/observation")),
                        (other, (f"/desk/votes/{fresh.id.hex()}/observers", f"/desk/votes/{made.id.hex()}",
                                 f"/desk/votes/{made.id.hex()}/observers"))):
        page = signed_in(user, width=width)
        if display:
            page.goto(f"/display?{display}&back=/desk")
        for path in paths:
            page.goto(path)
            looks_right(page, path)
    confirmations.confirm(waits.id, by=other)
    page.goto(f"/desk/votes/{made.id.hex()}/observers")
    assert SAYS in page.inner_text("main")
    looks_right(page, "answered")
