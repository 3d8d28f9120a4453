"""Words of the site that a district decides: rules of moderation, sentences of notices, terms and privacy statement."""

from datetime import timedelta

import pytest

from civic_forum.accounts import documents
from civic_forum.accounts.documents import Document
from civic_forum.accounts.models import Consent
from civic_forum.desk.services import district as lists
from civic_forum.desk.services import settings as services
from civic_forum.desk.services.settings import Decision
from civic_forum.district import queries
from civic_forum.district.rules import DistrictAct, DistrictList
from civic_forum.moderation import labels as moderation
from civic_forum.moderation.rules import Rule
from civic_forum.notifications import labels
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import Language, local, speaking
from tests import factories

WHY = "우리 구 조례의 말에 맞춰요."
HIDDEN = "우리 구의 약속 「[rule]」에 따라 이 글을 가렸어요."
pytestmark = pytest.mark.both


def decide(name, text, english, two, confirmed=True):
    row = services.rows().get(name)
    seen = queries.last_change(DistrictList.SETTINGS, row.id) if row else 0
    change = services.decide(name, Decision(text=text, words={"en": english}, why=WHY), seen=seen, by=two[0],
                             from_day=local(clock.now()).date() + timedelta(days=1))
    if change.act is DistrictAct.CHANGE_BY_TWO and confirmed:
        services.BOTH.confirm(lists.subject_of(change.id), by=two[1])
    return change


def test_a_rule_is_called_as_the_district_says_on_every_page(town, two, later, browse):
    decide("RULE_PRIVACY", "남의 정보", "Data of others", two)
    decide("MEANING_PRIVACY", "남의 이름이나 전화번호가 있어요.", "It has a name or telephone of others.", two)
    assert str(moderation.RULE[Rule.PRIVACY]) == "개인정보"
    assert later(1) == 2
    page = browse().get("/moderation/rules").text
    assert "남의 정보" in page and "남의 이름이나 전화번호가 있어요." in page and "욕설·비방" in page
    with speaking(Language.EN):
        assert str(moderation.RULE[Rule.PRIVACY]) == "Data of others"
    assert "남의 정보" in browse().get("/district").text, "with its history"


def test_a_notice_says_the_sentence_of_the_district_with_its_blanks(town, two, later):
    decide("NOTICE_HIDDEN", HIDDEN, "Hidden under our rule [rule].", two)
    before = labels.sentence("hidden", {"rule": "광고·홍보"})
    later(1)
    assert labels.sentence("hidden", {"rule": "광고·홍보"}) == "우리 구의 약속 「광고·홍보」에 따라 이 글을 가렸어요." != before
    with speaking(Language.EN):
        assert labels.sentence("hidden", {"rule": "Advertising"}) == "Hidden under our rule Advertising."


@pytest.mark.parametrize("text, english, field", [
    ("가렸어요.", "Hidden under [rule].", "text"), ("「[rule]」에 따라 [when] 가렸어요.", "Under [rule].", "text"),
    ("「[rule]」에 따라 100% 가렸어요.", "Under [rule].", "text"), ("「[rule]」에 따라 가렸어요.", "Hidden.", "text_en"),
    ("", "Under [rule].", "text"), ("「[rule]」" + "가" * 200, "Under [rule].", "text")])
def test_a_sentence_that_could_not_be_filled_is_refused(town, two, text, english, field):
    with pytest.raises(Refusal) as refused:
        decide("NOTICE_HIDDEN", text, english, two)
    assert refused.value.field == field
    db.session.rollback()
    assert services.rows() == {}


@pytest.mark.parametrize("name, by_two", [
    ("RULE_ABUSE", True), ("NOTICE_BLOCK", True), ("NOTICE_COMMENTED", False), ("TERMS_TEXT", True),
    ("PRIVACY_TEXT", True)])
def test_words_about_rights_or_personal_data_take_two(town, two, name, by_two):
    shape = services.declared(name).shape
    text = shape.typed(services.declared(name).machine_value)["ko"]
    change = decide(name, f"{text} 새 글" if text else "새 글", text.replace("]", "] new") or "New", two, confirmed=False)
    assert change.asks_another is by_two


def test_editions_of_the_district_are_numbered_dated_and_stay_readable(town, two, later, browse):
    first = local(clock.now()).date()
    assert documents.current(Document.TERMS).number == "1"
    decide("TERMS_TEXT", "**우리 구** 약관이에요.", "Terms of **our** district.", two)
    later(1)
    own = documents.current(Document.TERMS)
    assert (own.number, own.since) == ("own-1", first + timedelta(days=1))
    page = browse().get("/terms").text
    assert "<strong>우리 구</strong> 약관이에요." in page and "2판" in page
    factories.signed_in_anew()
    decide("TERMS_TEXT", "두 번째 약관이에요.", "The second terms.", two)
    later(2)
    assert documents.current(Document.TERMS).number == "own-2"
    page = browse().get("/terms/own-1").text
    assert "약관이에요" in page and "전에 쓰던 글이에요" in page and browse().get("/terms/1").status_code == 200
    assert browse().get("/terms/own-3").status_code == 404
    factories.signed_in_anew()
    decide("TERMS_TEXT", "", "", two)
    later(3)
    assert documents.current(Document.TERMS).number == "1" and browse().get("/terms/own-3").status_code == 404


def test_a_newer_edition_is_linked_from_the_own_consents(town, two, later, browse):
    resident = town.resident()
    factories.saved(Consent(user_id=resident.id, document="privacy", version=documents.current(Document.PRIVACY).number,
                            given=True, at=clock.now()))
    assert "새 판이 나왔어요" not in browse(resident).get("/me/consents").text
    decide("PRIVACY_TEXT", "우리 구 처리방침이에요.", "Our statement.", two)
    later(1)
    assert documents.current(Document.PRIVACY).number == "own-1"
    assert "새 판이 나왔어요" in browse(resident).get("/me/consents").text
    with pytest.raises(Refusal):
        decide("PRIVACY_TEXT", "한국어만 있어요.", "", two)
