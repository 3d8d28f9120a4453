"""The page of promises, and the program that everybody can fetch."""

import subprocess
import sys
from pathlib import Path

import pytest

from civic_forum.ballots.keys import keyring

VERIFIER = Path(__file__).parents[2] / "verifier"


@pytest.fixture
def page(town, browse):
    answer = browse().get("/voting")
    assert answer.status_code == 200
    return answer.text


def test_promises_and_what_is_not_promised_stand_side_by_side_with_the_same_headings(page):
    halves = page.split('<div class="halves">')[1].split("</div>")[0]
    assert halves.count("<section>") == 2 and halves.count("<h3>") == 2
    promised, not_promised = halves.split("</section>")[:2]
    assert promised.count("<li>") == 6
    for said in ("한 번만 세요", "마지막 것을 세요", "몇 번 바꿨는지는 기록에서 아무도", "중간 결과", "어느 표가 누구의 것인지", "세는 표인지", "참관인이 다시 세고 서명"):
        assert said in promised
    for said in ("옆에 서서", "휴대전화", "내 확인 번호를 아는 사람", "확인증 파일을 가진 사람", "쪽지만 드려요", "봉하기 전의 표",
                 "비밀값", "대신 투표", "쓸 수 있는 사람", "통째로 복사", "데이터베이스 파일만", "256번", "공개하기 전에 알아요",
                 "주민 확인만큼만", "공개된 추첨과 견줘", "복사본까지 없앴는지는"):
        assert said in not_promised


def test_it_says_that_this_is_no_vote_under_the_law(page):
    assert "주민투표법에 따른 주민투표가 아니에요" in page and "반영 방식" in page


def test_the_command_and_the_last_line_are_those_of_the_format(page):
    described = (VERIFIER / "FORMAT.md").read_text("utf-8")
    expected = page.split("data-expected>")[1].split("<")[0]
    assert f"`{expected}`" in described
    assert "python3 -I -S verify.py" in page.split("data-command>")[1].split("<")[0]


def test_the_english_page_expects_the_english_line(town, browse):
    reader = browse()
    reader.set_cookie("language", "en")
    page = reader.get("/voting").text
    expected = page.split("data-expected>")[1].split("<")[0]
    assert f"`{expected}`" in (VERIFIER / "FORMAT.md").read_text("utf-8") and "--language en" in page


def test_the_fingerprint_stands_there_once_there_is_a_key(town, browse):
    keyring.signing_seed(make_first=True)
    assert keyring.key_fingerprint() in browse().get("/voting").text


def test_the_program_comes_as_it_is_and_runs_alone(town, browse, tmp_path):
    with browse().get("/verifier/verify.py") as answer:
        (tmp_path / "verify.py").write_bytes(answer.data)
    assert (tmp_path / "verify.py").read_bytes() == (VERIFIER / "verify.py").read_bytes()
    assert answer.mimetype == "text/x-python" and "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["ETag"] and int(answer.headers["Content-Length"]) == (VERIFIER / "verify.py").stat().st_size
    ran = subprocess.run([sys.executable, "-I", "-S", "verify.py", "--help"], cwd=tmp_path, capture_output=True)
    assert ran.returncode == 0 and b"--key" in ran.stdout


@pytest.mark.parametrize("name", ["draw.py", "DRAW.md"])
def test_the_checker_of_draws_is_given_beside_it(town, browse, name):
    with browse().get(f"/verifier/{name}") as answer:
        assert answer.data == (VERIFIER / name).read_bytes()


def test_the_description_of_the_format_can_be_read(town, browse):
    with browse().get("/verifier/FORMAT.md") as answer:
        assert answer.data == (VERIFIER / "FORMAT.md").read_bytes() and answer.mimetype == "text/markdown"
    with browse().get("/verifier/FORMAT.md", headers={"If-None-Match": answer.headers["ETag"]}) as again:
        assert again.status_code == 304


def test_nothing_else_of_the_folder_is_given(town, browse):
    assert browse().get("/verifier/vectors.json").status_code == 404
    assert browse().get("/verifier/../config.py").status_code == 404
