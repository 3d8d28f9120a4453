"""The agendas of the sample district, grouped as their steps say."""

import sqlalchemy as sa

from civic_forum.agendas.models import Agenda, AgendaLink, AuthorObjection, ProposalMerge
from civic_forum.agendas.queries.detail import detail
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from civic_forum.sample_data import people

STATES = {"siheung-alleys": "in_progress", "nammun-market-street": "decided", "doksanro-walking": "in_deliberation",
          "gvalley-commute": "in_deliberation", "doksan3-empty-lot": "at_vote", "thresholds": "preparing",
          "crossing-shade": "decided"}


def test_every_agenda_has_come_as_far_as_its_steps_say(district):
    titles = {f"@proposal:{entry['key']}": entry["title"] for entry in people.read("proposals")}
    steps = people.read("steps/agendas")
    begun = [step for step in steps if step["do"] == "agenda.begin"]
    assert {step["with"]["slug"] for step in begun} == set(STATES)
    changed = {step["with"]["link_id"]: step["with"] for step in steps if step["do"] == "agenda.change"}
    for step in begun:
        said = step["with"]["wording"]
        own = [one for one in steps if one["with"].get("agenda_id") == f"@{step['as']}"]
        found = detail(step["with"]["slug"])
        assert (found.agenda.state, found.agenda.question) == (STATES[step["with"]["slug"]], said["question"])
        members = [one["with"] | changed.get(f"@{one.get('as')}", {}) for one in own if one["do"] == "agenda.group"]
        assert {(one.title, one.relation.value, one.why) for one in found.members} == {
            (titles[one["proposal_ids"][0]], one["relation"], one["why"]) for one in members}
        assert f"@department:{found.department_name}" == said["lead_department_id"] and found.agenda.published_at
        assert len(found.entries) >= 2 and bool(found.coming) == any(one["do"] == "agenda.next" for one in own)


def test_the_one_objection_is_answered_and_its_first_words_are_kept(district):
    objection, = db.session.scalars(sa.select(AuthorObjection))
    assert objection.answer and db.session.get(AgendaLink, objection.link_id).ended_at


def test_a_merged_proposal_keeps_its_own_supports(district):
    standing, = db.session.scalars(sa.select(ProposalMerge).filter_by(undone_at=None))
    merged = db.session.get(Proposal, standing.merged_id)
    assert merged.support_count == 3 and merged.merged_into_id == standing.into_id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProposalMerge)) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Agenda)) == 7


def test_each_agenda_is_talked_about_as_its_comments_say(district):
    said = people.read("agenda_comments")
    for slug, state in STATES.items():
        own = [one for one in said if one["agenda"] == slug]
        thread_id = db.session.scalar(sa.select(Agenda.thread_id).filter_by(slug=slug))
        found = db.session.scalars(sa.select(Comment).filter_by(thread_id=thread_id)).all()
        assert 17 <= len(found) == len(own) and all(one.at <= clock.now() for one in found), state
        assert sum(one.support_count for one in found) == sum(one["supports"] for one in own)
        assert {one.stance for one in found} == set(Stance)
        assert sum(bool(one.parent_id) for one in found) == sum(one["reply_to"] is not None for one in own) > 2
