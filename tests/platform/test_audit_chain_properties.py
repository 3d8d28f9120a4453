"""The pure part of the chain: any edit of any list of entries is found, an untouched list never."""

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.audit_chain import BEGINNING, differences, links_of

THEN = datetime(2026, 5, 1, tzinfo=timezone.utc)
WORDS = st.sampled_from(["a.b", "a.c", "x:1", "x:2"])
ENTRIES = st.lists(st.tuples(st.integers(0, 3600), st.none() | st.integers(1, 9), WORDS, WORDS,
                             st.dictionaries(WORDS, st.integers() | WORDS | st.booleans())), min_size=1, max_size=9)
LINKED = "number", "entry_id", "at", "facts", "salt", "details", "head"


def entry(number, second, actor, action, subject, details):
    return AuditEntry(id=number, at=THEN + timedelta(seconds=second), actor_id=actor, action=action, subject=subject,
                      details=details)


def written(rows):
    """Entries, their links, and the head that is noted."""
    entries = [entry(2 * number, *row) for number, row in enumerate(rows, 1)]
    links = list(links_of(entries, 0, BEGINNING, THEN + timedelta(hours=1)))
    return entries, links, noted_of(links)


def noted_of(links):
    return [{"number": one.number, "entry": one.entry_id, "head": one.head.hex()} for one in links[-1:]]


def found(entries, links, noted):
    there = {one.id: one for one in entries}
    pairs = [(one, there.pop(one.entry_id, None), None) for one in sorted(links, key=lambda one: one.number)]
    waiting = [(one, None) for one in sorted(there.values(), key=lambda one: one.id)]
    return list(differences(pairs, waiting, noted, THEN + timedelta(hours=3)))


def changed(one, names, **values):
    """A copy of a record with other values."""
    return type(one)(**{name: getattr(one, name) for name in names} | values)


@given(ENTRIES, st.data())
def test_an_untouched_list_has_no_faults_whatever_waits(rows, data):
    entries, links, noted = written(rows)
    linked = data.draw(st.integers(0, len(links)))
    assert found(entries[:linked], links[:linked], noted_of(links[:linked])) == []
    assert found(entries, links, noted) == []


@given(ENTRIES, st.data())
def test_a_changed_entry_is_found(rows, data):
    entries, links, noted = written(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(ENTRIES.map(lambda found: found[0]).filter(lambda row: repr(row) != repr(rows[place])))
    entries[place] = entry(entries[place].id, *other)
    if repr(_sorted(other)) != repr(_sorted(rows[place])):
        assert found(entries, links, noted) == [f"Entry {entries[place].id} was changed."]


def _sorted(row):
    return *row[:-1], sorted(row[-1].items())


@given(ENTRIES, st.data(), st.booleans())
def test_a_missing_entry_is_found_with_its_link_or_without(rows, data, with_link):
    entries, links, noted = written(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    gone = entries.pop(place)
    if with_link:
        del links[place]
        assert found(entries, links, noted)
    else:
        assert found(entries, links, noted) == [f"Entry {gone.id} is missing."]


@given(ENTRIES, st.data(), st.booleans())
def test_an_entry_put_in_is_found(rows, data, with_link):
    entries, links, noted = written(rows)
    number = 2 * data.draw(st.integers(0, len(rows) - 1)) + 1
    entries.append(entry(number, 0, None, "a.b", "x:1", {}))
    if with_link:  # later ones keep their heads
        place = data.draw(st.integers(0, len(links) - 1))
        before = links[place - 1].head if place else BEGINNING
        new, = links_of(entries[-1:], place, before, links[place].at)
        links[place:] = [new, *(changed(one, LINKED, number=one.number + 1) for one in links[place:])]
    assert found(entries, links, noted)


@given(ENTRIES.filter(lambda rows: len(rows) > 1), st.data())
def test_a_swap_or_a_changed_link_is_found(rows, data):
    entries, links, noted = written(rows)
    one, other = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    name = data.draw(st.sampled_from(LINKED[1:]))
    swapped = list(links)
    for here, there in ((one, other), (other, one)):
        swapped[here] = changed(links[here], LINKED, **{name: getattr(links[there], name)})
    same = getattr(links[one], name) == getattr(links[other], name)
    assert bool(found(entries, swapped, noted)) is not same


@given(ENTRIES, st.data(), st.booleans())
def test_a_cut_end_and_a_chain_made_anew_are_found_by_the_noted_head(rows, data, anew):
    entries, links, noted = written(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    if anew:
        entries[place] = changed(entries[place], ("id", "at", "actor_id", "action", "subject", "details"),
                                 subject="x:9")
        links = list(links_of(entries, 0, BEGINNING, links[0].at))
    else:
        entries, links = entries[:place], links[:place]
    assert len(found(entries, links, noted)) == 1
