"""Pages of inviting: one person, a directory of the office with its faults, the list before a second administrator."""

import io
import re

import pytest
from lxml import html

from civic_forum.accounts.invitations.models import Invitation
from civic_forum.accounts.models import RoleGrant
from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import Role
from civic_forum.platform.outbox import OutgoingMail
from tests.accounts.people import PASSWORD, member
from tests.common import rows
from tests.factories import count
from tests.polls import making

DIRECTORY = "이름,메일,부서,역할,전화\n"


@pytest.fixture
def two(town, browse):
    return [browse(making.administrator(town)) for _number in range(2)]


def lines(town, number):
    town.department("도로과")
    return [f"직원 {n},staff{n}@example.org,도로과,부서 담당자,010-0000-{n:04}" for n in range(number)]


def brought_in(client, text, **fields):
    return client.post("/desk/invitations/table", data={"table": text} | fields)


def uploaded(client, data):
    return client.post("/desk/invitations/table", data={"file": (io.BytesIO(data), "directory.csv")})


def heading(page):
    return html.fromstring(page.text).xpath("//h1")[0].text_content().strip()


def link():
    return re.search(r"/invitations/\S+", rows(OutgoingMail)[-1].body)[0]


@pytest.mark.in_turns(of=5)
def test_of_a_thousand_the_good_ones_are_invited_now_and_twenty_are_mended(town, two):
    table = lines(town, 1_000)
    for n in range(0, 1_000, 50):
        table[n] = table[n].replace("도로과", "도로꽈")
    page = brought_in(two[0], DIRECTORY + "\n".join(table))
    assert heading(page) == "1,000명 가운데 980명은 바로 초대할 수 있어요" and "010-0000" not in page.text
    selects = html.fromstring(page.text).xpath("//select/@name")
    assert selects == [f"department-{n + 2}" for n in range(0, 1_000, 50)]
    text = html.fromstring(page.text).xpath("//input[@name='table']/@value")[0]
    again = brought_in(two[0], text, **dict.fromkeys(selects[:19], "도로과"))
    assert heading(again) == "1,000명 가운데 999명은 바로 초대할 수 있어요"
    text = html.fromstring(again.text).xpath("//input[@name='table']/@value")[0]
    answer = brought_in(two[0], text, propose="1")
    assert answer.status_code == 303 and count(Invitation) == 999 and count(OutgoingMail) == 0
    shown = two[1].get(answer.location)
    assert heading(shown) == "999명을 초대해요" and shown.text.count("<span>staff") == 999
    seen = html.fromstring(shown.text).xpath("//input[@name='seen']/@value")[0]
    assert "모두 확인하고" not in two[0].get(answer.location).text
    for status in (303, 404):
        assert two[1].post(f"{answer.location}/confirmations", data={"seen": seen}).status_code == status
    assert count(OutgoingMail) == 999
    again = brought_in(two[0], text)
    assert "950줄이 더 있어요" in again.text and again.text.count("이미 초대했어요") == 49
    answer = brought_in(two[0], DIRECTORY + "=1+1,a@example.org,도로과,담당자", propose="1")
    assert answer.status_code == 422 and "초대할 사람이 없어요" in answer.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_files_of_korean_spreadsheets_are_read(town, two, encoding):
    page = uploaded(two[0], (DIRECTORY + "\r\n".join(lines(town, 3))).encode(encoding))
    assert heading(page) == "3명 가운데 3명은 바로 초대할 수 있어요"


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("data", [b"", b"PK\3\4", "이름,메일".encode("utf-16"), b"\xff" * 99, "이름,메일,부서,역할".encode(),
                                  '이름,메일,부서,역할\n"a'.encode(), ("이름,메일,부서,역할\n" + "a,b,c,d\n" * 2_001).encode(),
                                  b"a" * 250_000])
def test_a_file_that_is_no_directory_is_refused_in_a_sentence_without_a_trace(two, data):
    answer = uploaded(two[0], data)
    assert answer.status_code == 422 and count(Invitation) == 0
    assert html.fromstring(answer.text).xpath("//*[@data-error-summary]")


@pytest.mark.both
def test_pages_send_as_many_statements_for_many_as_for_few(town, two, queries):
    def statements(number):
        brought_in(two[0], DIRECTORY + "\n".join(lines(town, 60)[:number]), propose="1")
        address = f"/desk/invitations/{max(invited.list_id for invited in rows(Invitation))}"
        with queries() as sent:
            assert two[0].get(address).status_code == two[0].get("/desk/invitations").status_code == 200
        two[0].post(f"{address}/withdrawals")
        return len(sent)

    assert statements(2) == statements(2) == statements(60)


@pytest.mark.both
def test_the_link_makes_an_account_or_asks_its_owner_to_sign_in(town, two, browse):
    def invited(email):
        answer = two[0].post("/desk/invitations", data={"name": "김하늘", "email": email, "role": "moderator"})
        seen = html.fromstring(two[1].get(answer.location).text).xpath("//input[@name='seen']/@value")[0]
        two[1].post(f"{answer.location}/confirmations", data={"seen": seen})
        return link()

    address, stranger = invited("Haneul@example.org"), browse()
    page = stranger.get(address)
    assert "운영자" in page.text and page.headers["Referrer-Policy"] == "strict-origin" and page.headers["Cache-Control"]
    made = stranger.post(address, data={"nickname": "김하늘", "name": "haneul.kim", "password": PASSWORD, "age": "y",
                                        "terms": "y", "privacy": "y"})
    assert made.location == "/desk" and count(RoleGrant) == 3
    assert users.by_name("haneul.kim").grants[0].role is Role.MODERATOR
    assert [stranger.get(address).status_code, browse().get(address).status_code,
            browse().post(address).status_code] == [404] * 3
    owner = member(town, confirmed_email="bada@example.org")
    asked = browse().get(address := invited("bada@example.org")).text
    assert "초대를 받으려면 로그인해 주세요." in asked and f'value="{address}"' in asked
    assert browse(member(town)).get(address).status_code == browse(town.user()).post(address).status_code == 403
    assert browse(owner).post(address).location == "/desk" and count(Invitation) == 0
    assert [grant.role for grant in rows(RoleGrant) if grant.user_id == owner.id] == [Role.MODERATOR]


@pytest.mark.both
def test_all_roles_of_somebody_end_on_a_chosen_day(town, two, browse):
    user = town.official()
    address = f"/desk/roles/people/{user.id}"
    assert two[0].post(f"{address}/last-day", data={"ends_on": "2020-01-01"}).status_code == 422
    assert two[0].post(f"{address}/last-day", data={"ends_on": "2999-01-01"}).status_code == 303
    assert [str(grant.ends_on) for grant in rows(RoleGrant) if grant.user_id == user.id] == ["2999-01-01"]
    assert 'value="2999-01-01"' in two[0].get(f"{address}/leaving").text
    two[0].post(f"{address}/last-day", data={"ends_on": ""})
    assert [grant.ends_on for grant in rows(RoleGrant) if grant.user_id == user.id] == [None]
