"""Pages of intake: typed at the desk, checked, found by number."""

import re
from io import BytesIO

import pytest

from civic_forum.attachments.models import Attachment
from civic_forum.intake import services
from civic_forum.intake.models import IntakeItem
from civic_forum.platform.base import db
from tests.attachments.making import png

TEXT = "장 보러 오면 앉을 데가 없다"


def fields(page, *names):
    return {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in names}


@pytest.mark.both
def test_typed_at_the_desk_checked_and_found_by_its_number(browse, town):
    typist, other, site = browse(town.moderator()), browse(town.moderator()), browse()
    page = typist.get("/desk/intake").text
    sent = fields(page, "key") | {"text": TEXT, "form": "spoken"}
    answer = typist.post("/desk/intake", data=sent)
    assert answer.status_code == 200 and "접수번호" in answer.text
    item = db.session.query(IntakeItem).one()
    number, code = item.number, re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", answer.text)[0]
    assert TEXT not in site.get("/intake").text and TEXT not in site.get(f"/intake/{number}").text
    assert typist.post(f"/desk/intake/items/{item.id}/check", data={"text": TEXT}).status_code == 403
    check = f"/desk/intake/items/{item.id}/check"
    assert check in other.get("/desk").text and check not in typist.get("/desk").text
    assert other.post(check, data={"text": TEXT}).status_code == 303
    assert TEXT in site.get("/intake").text
    assert site.get("/intake", query_string={"number": number.replace("-", " ")}).location == f"/intake/{number}"
    wrong = site.get("/intake", query_string={"number": number[:-1] + str((int(number[-1]) + 1) % 10)})
    assert wrong.status_code == 422 and "번호가 맞지 않아요" in wrong.text
    own = site.post(f"/intake/{number}", data={"code": code})
    assert own.status_code == 200 and "거두기" in own.text and "거두기" not in site.get(f"/intake/{number}").text
    assert site.post(f"/intake/{number}/withdrawal", data={"code": code}).status_code == 303
    assert "거뒀어요" in typist.get("/desk/intake").text and "거뒀어요" in other.get(check).text
    assert TEXT not in site.get(f"/intake/{number}").text


def test_a_text_that_was_sent_back_is_mended_by_its_typist(browse, town):
    site = browse(town.moderator())
    page = site.get("/desk/intake").text
    site.post("/desk/intake", data=fields(page, "key") | {"text": TEXT, "form": "note"})
    item = db.session.query(IntakeItem).one()
    services.send_back(item.id, "앉을 데가 아니라 쉴 데예요.", by=town.moderator())
    assert "쉴 데예요" in site.get("/desk/intake").text
    answer = site.post(f"/desk/intake/items/{item.id}/text", data={"text": "장 보러 오면 쉴 데가 없다"})
    assert answer.status_code == 303
    db.session.refresh(item)
    assert item.text == "장 보러 오면 쉴 데가 없다"


@pytest.mark.in_turns(of=5)
def test_numbers_on_sheets_open_the_row_for_those_who_type(browse, town):
    typist, site = browse(town.moderator()), browse()
    page = typist.post("/desk/intake/sheets", data={"proposal": "1", "notes": "1"}).text
    numbers = re.findall(r'<b class="num">(\d{4}-\d{4}-\d)</b>', page)
    assert page.count('class="a4"') == 2 and len(set(numbers)) == 17 and page.count("translate=\"no\">") >= 2
    assert typist.post("/desk/intake/sheets", data={"notes": "32"}).status_code == 422
    assert "아직 받지 않은 번호예요" in site.get(f"/intake/{numbers[1]}").text
    address = f"/desk/intake?number={numbers[1]}"
    assert address in typist.get(f"/intake/{numbers[1]}").text and address not in site.get(f"/intake/{numbers[1]}").text
    page = typist.get(address).text
    assert f'value="{numbers[1]}"' in page
    sent = fields(page, "key") | {"form": "note", "number": numbers[1], "became": "blank"}
    assert typist.post("/desk/intake", data=sent | {"number": ""}).status_code == 422
    assert typist.post("/desk/intake", data=sent | {"text": TEXT}).status_code == 422
    assert typist.post("/desk/intake", data=sent).status_code == 200
    item = db.session.query(IntakeItem).one()
    services.check(item.id, "", by=town.moderator())
    assert "빈 쪽지예요" in site.get(f"/intake/{numbers[1]}").text
    again = sent | {"key": "another row", "became": "", "text": TEXT}
    assert "다른 사람이 두 글을 봐요" in typist.post("/desk/intake", data=again).text
    clash = db.session.query(IntakeItem).filter_by(row_key="another row").one()
    page = browse(town.moderator()).get(f"/desk/intake/items/{clash.id}/check").text
    assert TEXT in page and numbers[1] in page and "빈 쪽지예요" in page


def batch(site, account, *rows, visit=""):
    return site.post("/desk/intake/batches", json={"account": account, "visit": visit, "rows": list(rows)})


def test_a_batch_is_answered_row_by_row(browse, town):
    moderator = town.moderator()
    site = browse(moderator)
    account = site.get("/desk/intake/batches", headers={"Accept": "application/json"}).json["account"]
    assert account == moderator.id
    rows = [{"key": f"row-{place}", "form": "note", "text": text} for place, text in enumerate(
        (TEXT, "가" * 81, "전화는 010-1234-5678이에요", ""))] + [{"key": "row-9", "form": "paper", "text": TEXT}]
    answer = batch(site, account, *rows)
    states = {row["key"]: row["state"] for row in answer.json["rows"]}
    assert states == {"row-0": "new", "row-1": "refused", "row-2": "refused", "row-3": "refused", "row-9": "refused"}
    assert [row["state"] for row in batch(site, account, rows[0]).json["rows"]] == ["same"]
    assert batch(site, account + 1, rows[0]).status_code == 409
    assert batch(site, account, rows[0], visit="999999").status_code == 404
    assert batch(site, account, {"key": ""}).status_code == batch(site, account, "row").status_code == 422
    assert db.session.query(IntakeItem).count() == 1
    assert browse().get("/desk/intake/batches", headers={"Accept": "application/json"}).status_code == 401


def test_a_photograph_of_the_original_is_seen_at_the_desk_alone(browse, town):
    typist, other = browse(town.moderator()), browse(town.moderator())
    account = typist.get("/desk/intake/batches").json["account"]
    batch(typist, account, {"key": "row-1", "form": "note", "text": TEXT})

    def send(site, data=None, name="note.png"):
        file = BytesIO(data or png(60, 40)), name
        return site.post("/desk/intake/photographs", data={"key": "row-1", "photograph": file})

    assert send(typist, b"%PDF-1.4", "note.pdf").status_code == 422
    assert send(other).status_code == 403
    assert send(typist).status_code == send(typist).status_code == 200
    batch(other, other.get("/desk/intake/batches").json["account"],
          {"key": "row-2", "form": "note", "text": "남의 사진", "sheet": "row-1"})
    batch(typist, account, {"key": "row-3", "form": "note", "text": "같은 장의 글", "sheet": "row-1"},
          {"key": "row-4", "form": "note", "text": "없는 장의 글", "sheet": "no-row"})
    item, foreign, shared, alone = db.session.query(IntakeItem).order_by(IntakeItem.id)
    assert shared.attachment_set_id == item.attachment_set_id and not (foreign.attachment_set_id or
                                                                       alone.attachment_set_id)
    file, page = db.session.query(Attachment).one(), other.get("/desk/intake/checks").text
    assert file.key in page and TEXT in page and shared.text in page and alone.text not in page
    assert f"/attachments/{file.key}" in other.get(f"/desk/intake/items/{item.id}/check").text
    with other.get(f"/attachments/{file.key}") as shown:
        assert shown.status_code == 200
    services.check(item.id, TEXT, by=town.moderator())
    assert browse().get(f"/attachments/{file.key}").status_code == 404
    assert file.key not in browse().get(f"/intake/{item.number}").text
