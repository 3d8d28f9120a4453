"""Passwords that are guessed first, and passwords that are not."""

import random
import subprocess
import sys

import pytest

from civic_forum.accounts.easy_passwords import KOREAN, is_easy, is_walk, typed
from civic_forum.sample_data import password as sample

from tests.running.machine import patience
from .people import ANOTHER, PASSWORD, application

TAKEN_ONCE = """1q2w3e4r5t qwerty1234 qwer1234qwer asdfghjkl1 Passw0rd12 iloveyou12 abcd123456 1234567899 q1w2e3r4t5
dragon1234 tkfkdgo1234 asdf1234!! zxcvbnm123 abc1234567 123456789a qwertyuio1""".split()
COMMON = "dragon monkey football letmein sunshine princess welcome shadow superman michael iloveyou master".split()
WALKS = ("qwertyuiop[]", "1qaz2wsx3edc4rfv", "zxcvbnm,./", "qazwsxedcrfvtgb", "asdfghjkl;'", "!qaz@wsx#edc",
         "poiuytrewq", "098765432112", "1q2w3e4r5t6y", "qweasdzxcqwe")
ENDS = ("12", "123", "1234", "2024", "1998", "1004", "!!", "77")
WORDS = """heron otter lantern marble thicket copper saddle plume harbor walnut ribbon glacier bramble pepper anchor
velvet cinder meadow trumpet cobble drizzle falcon gravel hazel ivory jungle kettle ladder nectar oyster""".split()
NOUNS = "왜가리 우산 정류장 골목 감나무 연필 창문 지붕 자전거포 냄비 도토리 계단 빨래 온돌 장독대 처마 마루 달팽이 무당벌레 등대".split()
DOES = ("조용히 잠든다", "천천히 걸어간다", "멀리서 웃는다", "비를 맞는다", "새벽에 일어난다", "노래를 듣는다")


def made_easy():
    """200 that somebody makes by a rule: walks, Korean on Latin keys and common words, each with digits behind."""
    chance = random.Random(20)
    walks = [walk[:length] + end for walk in WALKS for length, end in ((10, ""), (9, "1"), (10, "12"), (8, "2024"))]
    korean = [word for word in KOREAN[:200] if len(word) > 1 and len(typed(word)) < 10]
    keys = [typed(word) + end for word in chance.sample(korean, 100) for end in [chance.choice(ENDS)]]
    common = [f"{chance.choice((word, word.capitalize()))}{end}" for word in COMMON for end in ENDS]
    enough = [one + "1234567890"[:max(0, 10 - len(one))] for one in walks + keys + common]
    return enough[:40] + enough[40:140] + chance.sample(enough[140:], 60)


def made_well():
    """200 good ones: words by chance, Korean sentences, characters by chance."""
    chance = random.Random(21)
    return ([" ".join(chance.sample(WORDS, 3)) for _each in range(70)]
            + [f"{chance.choice(NOUNS)} 옆 {chance.choice(NOUNS)}가 {chance.choice(DOES)}" for _each in range(80)]
            + ["".join(chance.choices("abcdefghjkmnpqrstuvwxyzABCDEFGHJK23456789!%*", k=12)) for _each in range(50)])


@pytest.mark.parametrize("password", [*TAKEN_ONCE, "aaaaaaaaaaaa", "1234567890", "abcdefghijkl", "sanho.kim99!",
                                      "password1!X", "사랑해사랑해1234", "비밀번호1234", "111122223333", "20240101abc"])
def test_easy_passwords_are_seen(password):
    assert is_easy(password, "sanho.kim", "산호")


@pytest.mark.parametrize("password, name", [("xK9#june2!pQ7v", "june"), ("haru!x7kHaru", "haru.park"),
                                            ("77777m가7가m가7m", "sanho.kim")])
def test_names_of_four_letters_inside_and_three_different_characters_are_easy(password, name):
    assert is_easy(password, name)


@pytest.mark.parametrize("password, name", [("xK9#jun2!pQ7v", "jun"), ("xK9#june2!pQ7v", None),
                                            ("haru!x7kHaru", "sanho.kim"), ("77mm가KKmKm7mmK", "sanho.kim")])
def test_names_of_three_letters_inside_and_four_different_characters_are_not(password, name):
    assert not is_easy(password, name)


@pytest.mark.parametrize("password", [PASSWORD, ANOTHER, "correct horse battery", "xK9#mm2!pQ", "나는 학교에서 점심을 먹는다"])
def test_other_passwords_are_not_easy(password):
    assert not is_easy(password, "sanho.kim", None)


def test_two_hundred_made_by_a_rule_are_seen():
    easy = made_easy()
    assert len(easy) == 200 and [one for one in easy if len(one) < 10 or not is_easy(one)] == []


def test_two_hundred_good_ones_are_taken():
    good = made_well()
    assert len(set(good)) > 190 and [one for one in good if is_easy(one)] == []


def test_passwords_of_sample_districts_are_not_easy(tmp_path):
    for number in range(30):
        place = tmp_path / str(number)
        place.mkdir()
        assert not is_easy(sample.of(str(place)), "resident1", "moderator1")


@pytest.mark.parametrize("korean, keys", [("사랑해", "tkfkdgo"), ("안녕하세요", "dkssudgktpdy"), ("닭꿰", "ekfrRnp"),
                                          ("힣", "glg"), ("a가1", "ark1")])
def test_hangul_is_typed_on_latin_keys(korean, keys):
    assert typed(korean) == keys


@pytest.mark.parametrize("text, walk", [("qazwsxedc", True), ("1qaz@wsx", True), ("asdf1234", True), ("", False),
                                        ("heron otter", False), ("사랑해", False)])
def test_a_walk_leads_from_key_to_key(text, walk):
    assert is_walk(text) is walk


def test_one_clear_sentence_refuses_an_easy_password(town, browse):
    easy = application(password="tkfkdgo1234")
    page = browse().post("/sign-up", data=easy)
    assert page.status_code == 422 and "알아맞히기 쉬운 비밀번호예요" in page.text


@pytest.mark.in_turns(of=5)
def test_the_lists_are_read_only_when_a_password_is_chosen():
    program = "import sys\nimport civic_forum.accounts.services.entry\nassert 'zxcvbn_rs_py' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=patience(60))
    assert done.returncode == 0, done.stderr
