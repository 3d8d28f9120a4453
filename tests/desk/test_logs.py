"""Logs at the desk, filtered and taken out."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import AccessRecord
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import people as roles
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db


def text(answer):
    return answer.get_data(as_text=True)


class TestLogs:
    @pytest.fixture
    def administrator(self, town):
        return town.administrator(sign_in_name="boss1")

    @pytest.mark.both
    def test_the_audit_log_is_filtered(self, town, browse, administrator, verified, clerk):
        roles.grant(town.user(), Role.MODERATOR, by=administrator)
        browser = browse(administrator)
        for query, there, gone in (
                ("", "accounts.verified", "accounts.left"), ("?actor=clerk1", "accounts.verified", "role_granted"),
                (f"?subject=user:{verified.id}", "accounts.verified", "role_granted"),
                ("?area=proposals", "조건에 맞는 기록이 없어요", "accounts.verified"),
                ("?actor=nobody-here", "조건에 맞는 기록이 없어요", "accounts.verified"),
                ("?until=2020-01-01", "조건에 맞는 기록이 없어요", "accounts.verified"),
                ("?since=2020-01-01&area=accounts", "accounts.verified", "조건에 맞는")):
            page = text(browser.get(f"/desk/audit{query}"))
            assert there in page and gone not in page, query

    @pytest.mark.parametrize("query",
                             ["area=nothing", "subject=user", "subject=%27--", "since=yesterday", "until=0001-01-01",
                                       "after=xyz", "after=WyJhIl0"])
    def test_an_unknown_filter_is_refused(self, browse, administrator, query):
        assert browse(administrator).get(f"/desk/audit?{query}").status_code == 400

    @pytest.mark.both
    def test_both_logs_go_on_over_the_page_and_out_as_csv(self, town, browse, administrator):
        with_formula = town.user(sign_in_name="plain1")
        for number in range(60):
            db.session.add(AuditEntry(at=administrator.created_at, action="proposals.tested",
                                      subject=f"proposal:{number + 1}",
                                      details={"n": number}))
            db.session.add(AccessRecord(by_id=administrator.id, user_id=with_formula.id, reason='=HYPERLINK("x")',
                                        at=administrator.created_at))
        db.session.commit()
        browser = browse(administrator)
        for address in ("/desk/audit", "/desk/access-log"):
            page = text(browser.get(address))
            after = re.search(rf'href="({address}\?after=[^"]+)"', page)[1]
            assert browser.get(after).status_code == 200
            answer = browser.post(f"{address}/exports")
            assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
            assert len(text(answer).strip().splitlines()) >= 61
        assert "\"'=HYPERLINK" in text(answer)
        assert "accounts.access_log_exported" in text(browser.get("/desk/audit"))

    @pytest.mark.both
    def test_an_export_is_narrowed_alike_and_its_note_names_nobody(self, browse, administrator, verified, clerk):
        browser = browse(administrator)
        answer = browser.post("/desk/audit/exports?actor=clerk1&q=verif&until=2999-12-31&sort=oldest")
        assert "accounts.verified" in text(answer) and "clerk1" in text(answer)
        db.session.rollback()
        details = db.session.scalar(sa.select(AuditEntry.details).filter_by(action="accounts.audit_exported"))
        assert details == {"actor": str(clerk.id), "q": "typed", "until": "3000-01-01 00:00:00+09:00"}

    @pytest.mark.both
    def test_the_access_log_is_filtered(self, browse, administrator, verified, clerk):
        browse(clerk).post("/desk/people", data={"person": "seoyun85", "reason": "비밀번호를 잊었다고 창구에 왔어요"})
        browser = browse(administrator)
        for query, found in (("", True), ("?by=clerk1", True), ("?by=boss1", False), (f"?user={verified.id}", True),
                             ("?user=999", False), ("?until=2020-01-01", False)):
            assert ("창구에 왔어요" in text(browser.get(f"/desk/access-log{query}"))) is found
        answer = browser.get("/desk/access-log?user=x")
        assert answer.status_code == 400 and 'value="x"' in text(answer) and "숫자로 적어 주세요" in text(answer)
        answer = browser.get("/desk/audit?subject=x&actor=clerk1")
        assert answer.status_code == 400 and 'value="clerk1"' in text(answer) and "user:12처럼" in text(answer)
