"""Days, months, quarters and years by which answers promise something, and the words of older ones."""

from datetime import date

import pytest
import sqlalchemy as sa

from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerState
from civic_forum.answers.services import texts as services
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal

from .making import in_words, on_the_table, published_in_words, text
from .test_pages import FORM


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("within", "kept", "said"), [
    ("day", "2031-02-10", "2031. 2. 10.(월)까지"), ("month", "2031-02", "2031년 2월까지"),
    ("quarter", "2031-Q1", "2031년 1분기까지"), ("year", "2031", "2031년까지")])
def test_a_period_is_chosen_and_said(town, pair, browse, within, kept, said):
    proposal = on_the_table(town, pair[0])
    address, sent = f"/desk/answers/{proposal.number}", FORM | {"by_when": "2031-02-10", "by_when_within": within}
    assert browse(pair[0]).post(address, data=sent | {"do": "submit"}).status_code == 303
    assert db.session.scalar(sa.select(Answer.by_when)) == kept
    approver = browse(pair[1])
    assert said in approver.get(address).text
    assert approver.post(f"{address}/approvals", data={"seen": "1"}).status_code == 303
    assert said in browse().get(f"/proposals/{proposal.number}").text


@pytest.mark.parametrize("sent", [{"by_when": "내년 봄쯤"}, {"by_when": "2031"}, {"by_when_within": "decade"}])
def test_words_are_refused_where_a_day_belongs(town, pair, browse, sent):
    proposal = on_the_table(town, pair[0])
    answer = browse(pair[0]).post(f"/desk/answers/{proposal.number}", data=FORM | sent | {"do": "submit"})
    assert answer.status_code == 422 and db.session.scalar(sa.select(Answer.id)) is None
    with pytest.raises(Refusal) as refused:
        services.save(proposal.id, text(by_when="내년 봄쯤"), seen=0, by=pair[0])
    assert refused.value.field == "by_when"


def test_words_that_waited_are_kept_and_sent_back(town, pair, browse):
    proposal = on_the_table(town, pair[0])
    written = services.submit(proposal.id, text(), seen=0, by=pair[0])
    in_words(written, "내년 봄쯤")
    with pytest.raises(Conflict, match="글로 적혀 있어요"):
        services.approve(proposal.id, seen=written.version, by=pair[1])
    address = f"/desk/answers/{proposal.number}"
    assert "내년 봄쯤 (적힌 대로)" in browse(pair[1]).get(address).text
    services.send_back(proposal.id, seen=written.version, why="날을 골라 주세요.", by=pair[1])
    db.session.rollback()
    draft = db.session.scalars(sa.select(Answer)).one()
    assert (draft.state, draft.by_when) == (AnswerState.DRAFT, "내년 봄쯤")
    assert "전에 적은 것: 내년 봄쯤" in browse(pair[0]).get(address).text
    services.submit(proposal.id, text(by_when="2031-Q2"), seen=draft.version, by=pair[0])


def test_words_that_everybody_read_stay_as_they_are(town, pair, browse, monkeypatch):
    proposal = on_the_table(town, pair[0])
    answer = published_in_words(proposal, *pair, "2031년 여름까지", monkeypatch)
    assert "2031년 여름까지 (적힌 대로)" in browse().get(f"/proposals/{proposal.number}").text
    corrected = text(by_when="2031-06", dated_on=date(2026, 5, 3))
    services.correct(answer.id, corrected, why="날을 바로잡아요.", seen=1, by=pair[0])
    assert "2031년 6월까지" in browse(pair[1]).get(f"/desk/answers/{proposal.number}").text
