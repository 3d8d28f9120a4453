"""One statement of what everybody may read of a kind, as it serves search, notices, pickers, outcomes and sharing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.blocks import kinds, pickers
from civic_forum.blocks.public import Public
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import records
from civic_forum.proposals.rules import NUMBER, State
from tests.factories import MAY

VISITOR = AnonymousUserMixin()


def _why_not_read(actor, proposal):
    return None if actor.is_authenticated or not proposal.hidden_at else "가린 의자예요."


@pytest.fixture
def public(town, monkeypatch):
    monkeypatch.setattr(pickers, "known", {})
    return Public(kind="bench", model=Proposal, label="의자", place="benches", name=Proposal.number, title=Proposal.title,
                  text=Proposal.problem_html, since=Proposal.published_at, where=(Proposal.hidden_at.is_(None),),
                  exact=NUMBER, why_not_read=_why_not_read, missing=NotFound, named=records.numbered)


@pytest.fixture
def benches(town):
    """One that everybody may read, one that is hidden, and one before everybody may read it."""
    return (town.proposal(title="푸른 의자"), town.proposal(title="가린 의자", hidden_at=MAY, hidden_rule="spam"),
            town.proposal(title="새 의자", state=State.HELD, published_at=None))


@pytest.mark.both
def test_titles_are_those_that_everybody_may_read(public, benches):
    assert public.titles([bench.id for bench in benches]) == {benches[0].id: "푸른 의자"}
    assert public.titles([]) == {} and public.url(benches[0]) == f"/benches/{benches[0].number}"


def test_notices_name_what_was_public_and_what_a_reader_is_told_besides(public, benches):
    told = public.told(lambda reader_id: Proposal.author_id == reader_id)
    ids = [bench.id for bench in benches]

    def named(reader_id, told=told):
        return {title for _kind, _id, title in db.session.execute(told.titles(ids, reader_id))}

    assert named(0) == {"푸른 의자", "가린 의자"} and named(benches[2].author_id) == {"푸른 의자", "가린 의자", "새 의자"}
    assert named(0, public.told(lambda _id: sa.false(), public.readable)) == {"푸른 의자"}


@pytest.mark.both
def test_a_picker_finds_what_everybody_may_read_unless_it_is_declared_otherwise(public, benches):
    usual = public.picker("benches.use", note=lambda bench: f"{bench.threshold}명")
    asking = public.picker("benches.use", name="any_bench", note=lambda _bench: "", asks=True,
                           among=lambda _actor: sa.true(), suggested=(Proposal.published_at.is_not(None),))
    blue, hidden, fresh = benches
    assert pickers.known == {"bench": usual, "any_bench": asking} and usual.pages == "/benches/"
    assert [(choice.value, choice.title, choice.note) for choice in usual.search(VISITOR, "의자", 9, "")] == [
        (blue.number, "푸른 의자", "20명")]
    assert usual.find(VISITOR, hidden.number, "") is None and usual.find(VISITOR, "의자", "") is None
    assert [choice.title for choice in asking.search(VISITOR, "의자", 9, "")] == ["푸른 의자"]
    assert [choice.title for choice in asking.search(blue.author, "의자", 1, "")] == ["가린 의자"]
    assert asking.find(VISITOR, hidden.number, "") is None and asking.find(VISITOR, fresh.number, "").title == "새 의자"


@pytest.mark.both
def test_outcomes_are_offered_for_what_waits_under_the_name_of_a_record(public, benches):
    department = Proposal.neighbourhood_id
    facts = {"about": "의자의 결과", "order": 1, "locked": records.locked, "why_not_yet": lambda _bench: None,
             "department": department, "waits": (public.readable,)}
    decides = public.decidable(**facts)
    assert [tuple(row)[:3] for row in db.session.execute(decides.offered([]))] == [
        (benches[0].id, benches[0].number, "푸른 의자")]
    assert not db.session.execute(public.decidable(**facts, anybodys=False).offered([])).all()
    assert decides.name(benches[0]) == db.session.scalar(sa.select(decides.name_sql(sa.literal(benches[0].id))))
    assert decides.began(benches[0]) == benches[0].published_at and decides.place == "benches"


@pytest.mark.both
def test_a_preview_begins_with_what_all_have_and_there_is_none_of_what_is_hidden(public, benches):
    shared = public.shared(lambda row, begin: begin(figure=str(row.threshold), sentence="앉아요."), Proposal.threshold)
    preview = shared.preview(benches[0].id)
    assert (preview.url, preview.title, preview.figure) == (public.url(benches[0]), "푸른 의자", "20")
    assert preview.text == benches[0].excerpt and preview.since == benches[0].published_at
    assert shared.preview(benches[1].id) is None and shared.preview(benches[2].id) is None


@pytest.mark.both
def test_an_agenda_leads_to_what_is_there_and_says_the_day_of_what_is_ahead(public, benches):
    coming = public.coming("bench", "없는 의자예요.", lambda row, now: f"{row.threshold}일", Proposal.threshold,
                           there=(Proposal.hidden_at.is_(None),))
    assert coming.why_not(benches[0].number) is None
    assert coming.why_not(benches[1].number) == coming.why_not("x") == "없는 의자예요."
    assert coming.days([bench.number for bench in benches]) == {bench.number: "20일" for bench in benches[:2]}


def test_a_kind_is_registered_with_what_its_statement_says(public, benches, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    kind = public.register(public.searched(lambda ids: dict.fromkeys(ids, "카드"),
                                           lambda card: public.hit("1", card, "둘째"), place=1))
    assert kinds.find("bench") is kind and kind.title(benches[0]) == "푸른 의자"
    hit = kind.get(kinds.Searched).results([7])[7]
    assert (hit.url, hit.word, hit.about) == ("/benches/1", "카드", ("의자", "둘째"))


def test_a_card_of_the_first_page_has_the_words_of_the_record(public, benches):
    card = public.current(benches[0], "앉아요.", icon="talk", label="새로", action="보기", until=MAY + timedelta(days=1))
    assert (card.url, card.title, card.about) == (public.url(benches[0]), "푸른 의자", "앉아요.")
