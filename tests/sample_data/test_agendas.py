"""The agendas of the sample district, grouped as their texts say."""

import sqlalchemy as sa

from civic_forum.agendas.models import Agenda, AgendaLink, AuthorObjection, ProposalMerge
from civic_forum.agendas.queries.detail import detail
from civic_forum.kernel.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.sample_data import people


def test_every_agenda_has_come_as_far_as_its_text_says(district):
    titles = {entry["key"]: entry["title"] for entry in people.read("proposals")}
    for entry in people.read("agendas"):
        found = detail(entry["slug"])
        assert (found.agenda.state, found.agenda.question) == (entry["state"], entry["question"])
        assert {(one.title, one.relation.value, one.why) for one in found.members} == {
            (titles[one["proposal"]], one["relation"], one["why"]) for one in entry["proposals"]}
        assert found.department_name == entry["lead_department"] and found.agenda.published_at
        assert len(found.entries) >= 2 and bool(found.coming) == bool(entry.get("next"))


def test_the_one_objection_is_answered_and_its_first_words_are_kept(district):
    objection, = db.session.scalars(sa.select(AuthorObjection))
    assert objection.answer and db.session.get(AgendaLink, objection.link_id).ended_at


def test_a_merged_proposal_keeps_its_own_supports(district):
    standing, = db.session.scalars(sa.select(ProposalMerge).filter_by(undone_at=None))
    merged = db.session.get(Proposal, standing.merged_id)
    assert merged.support_count == 3 and merged.merged_into_id == standing.into_id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProposalMerge)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Agenda)) == 7
