"""Things that polls and forums can be about: every kind that is decided, found by a picker of its name."""

import pytest

from civic_forum.blocks import about, kinds, pickers
from civic_forum.blocks.kinds import Decidable, Ref
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.polls.models import Poll

from .subjects import MAKE, case


def hide(record):
    """As moderators do, or whoever withdraws it."""
    db.session.commit()  # what was read before
    setattr(record, "removed_at" if hasattr(record, "removed_at") else "hidden_at", clock.now())
    db.session.commit()


def test_every_kind_that_is_decided_is_tried_here_and_has_a_picker(app):
    decided = {kind.name for kind, _decides in kinds.having(Decidable)}
    assert decided == set(MAKE) and decided <= set(pickers.known)


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("kind", MAKE)
def test_a_thing_is_written_read_and_found_by_words_number_and_address(town, kind):
    thing, poll, moderator = case(town, kind), Poll(), town.moderator()
    about.write(poll, thing.named)
    assert poll.about == thing.ref and about.name_of(poll.about) == thing.name
    shown = about.subject(poll.about)
    assert (shown.title, shown.url) == (thing.title, thing.url)
    picker = pickers.known[kind]
    for value in (thing.name, pickers.end_of_address(f"http://localhost{thing.url}", picker.pages)):
        assert picker.find(moderator, value, "").value == thing.name
    assert picker.find(moderator, "없어요", "") is None
    if kind != "proposal":  # by the index of the search (test_picking_pages)
        words = " ".join(thing.title.split()[:2])
        assert thing.name in [one.value for one in picker.search(moderator, words, 8, "")]
        assert picker.search(moderator, "없는낱말", 8, "") == []
    about.write(poll, None)
    assert poll.about is None and (poll.about_kind, poll.about_id) == (None, None)


@pytest.mark.both
@pytest.mark.parametrize("kind", ["proposal", "project", "forum_decision"])
def test_a_hidden_or_withdrawn_thing_is_named_to_nobody_and_taken_by_none(town, kind):
    thing, poll = case(town, kind), Poll()
    about.write(poll, thing.named)
    hide(thing.record)
    assert about.subject(poll.about) is None
    about.write(poll, thing.named)
    assert poll.about == thing.ref, "an edit of another field does not lose it"
    with pytest.raises(Refusal, match="없어요"):
        about.write(Poll(), thing.named)
    picker = pickers.known[kind]
    assert picker.find(town.moderator(), thing.name, "") is None
    assert thing.name not in [one.value for one in picker.search(town.moderator(), thing.title, 8, "")]


def test_an_answer_follows_its_proposal(town):
    thing = case(town, "answer")
    hide(thing.record.proposal)
    assert about.subject(thing.ref) is None
    with pytest.raises(Refusal, match="없어요"):
        about.write(Poll(), thing.named)


@pytest.mark.parametrize(("named", "field", "sentence"), [
    (("comment", "1"), "about_kind", "바탕이 될 수 있는 것을 목록에서"),
    (("envelope", "a/b"), "about_kind", "바탕이 될 수 있는 것을 목록에서"),
    (("nothing", "1"), "about_kind", "바탕이 될 수 있는 것을 목록에서"),
    (("agenda", "nothing"), "agenda_slug", "이런 주소의 공개한 의제가 없어요"),
    (("proposal", "2030-9999"), "agenda_slug", "이런 제안은 없어요"),
    (("project", "none.A1"), "agenda_slug", "이런 번호의 사업은 없어요"),
    (("forum_decision", "9"), "agenda_slug", "이런 의결은 없어요"),
    (("answer", "x"), "agenda_slug", "없어요"),
    (("poll", "nothing"), "agenda_slug", "이런 투표는 없어요")])
def test_a_thing_not_decided_or_not_there_is_refused_at_its_field(town, named, field, sentence):
    poll = Poll()
    with pytest.raises(Refusal, match=sentence) as refused:
        about.write(poll, named)
    assert refused.value.field == field and poll.about is None


def test_a_thing_that_is_not_there_any_more_has_no_name(town):
    for ref in (Ref("proposal", 99), Ref("nothing", 1)):
        assert about.subject(ref) is None and about.name_of(ref) == ""


def test_nothing_is_about_itself(town):
    poll = case(town, "poll")
    with pytest.raises(Refusal, match="자기 자신"):
        about.write(poll.record, poll.named)
