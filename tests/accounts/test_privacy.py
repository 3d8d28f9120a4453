"""The privacy page says what the office's side keeps of people, and how long."""

import pytest


@pytest.mark.parametrize(("language", "words"), [
    ("ko", ("게시중단을 요청한 사람의 연락처: 요청을 결정한 뒤 77일", "정식 제안을 낸 경우에만: 실명과 연락처", "알림: 78일",
            "답변할 일이 모두 끝난 뒤 79일", "맡은 부서가 까닭을 적어야만 봄",
            "확인한 주소와 번호로만")),
    ("en", ("taken down: 77 days after the decision", "file a formal proposal: real name and contact",
            "Notices: 78 days",
            "formal proposal: 79 days after nothing is left to answer",
            "proven to be yours")),
])
def test_contacts_notices_and_numbers(app, browse, monkeypatch, language, words):
    monkeypatch.setitem(app.config, "RETAIN_TAKEDOWN_CONTACTS_DAYS", 77)
    monkeypatch.setitem(app.config, "RETAIN_NOTICES_DAYS", 78)
    monkeypatch.setitem(app.config, "RETAIN_FORMAL_CONTACTS_DAYS", 79)
    client = browse()
    client.get(f"/display?language={language}&back=/privacy")
    page = client.get("/privacy").text
    for one in words:
        assert one in page
