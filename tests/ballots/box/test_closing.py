"""A closing always comes about, names all that is amiss, and freezes what counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.ballots.box import closing
from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import Channel, Damaged, ballot_entry, commitment, mark, token
from civic_forum.ballots.rules.log import leaf_hash, root
from tests.ballots.box.scene import BOX_ID, Scene

CLEAN = {"damaged": 0, "foreign": 0, "ledger": 1, "lost": 0, "missing": 0}


def returned(closed, found) -> int:
    """Papers that came back by now."""
    return [*closing.states_now(closed, found).values()].count(Channel.PAPER_RETURNED)


@pytest.fixture
def scene():
    """Twenty voters: 15 online (three changed), 2 assisted, 3 on paper; five more are on the roll."""
    made = Scene.of()
    for number in range(15):
        made.cast(number, made.choice())
    for number in (0, 1, 1):
        made.cast(number, made.choice())
    for number in (15, 16):
        made.cast(number, made.choice(), Channel.ASSISTED)
    for number in (17, 18, 19):
        made.paper(number)
    made.paper(18, Channel.PAPER_RETURNED)
    made.paper(19, Channel.PAPER_TAKEN_BACK)
    return made


def amiss(scene, **expected):
    found = scene.compared(25)
    assert found.figures() == CLEAN | expected
    closed = closing.close(scene.box, found, scene.chance.randbytes)
    assert len(closed.leaves) % 64 == 0 and len(closed.leaves) >= 2 * len(closed.live) + 256
    return found, closed


def key(scene, number):
    return scene.key(number)


def test_a_clean_box(scene):
    found, closed = amiss(scene)
    assert closed.rows() == {"online": 15, "assisted": 2, "paper_issued": 1, "paper_returned": 1, "paper_taken_back": 1,
                             "damaged": 0, "missing": 0}
    assert [leaf.hash for leaf in closed.leaves] == sorted(leaf.hash for leaf in closed.leaves)
    assert len(closed.live) == 17 and len(found.leaves) == 20 and len(closed.leaves) == 320
    assert len({leaf.mark for leaf in closed.leaves}) == len({leaf.commitment for leaf in closed.leaves}) == 320
    fingerprint = scene.box.fingerprint
    for live in closed.live:
        leaf = closed.leaves[live.number]
        assert leaf.mark == mark(fingerprint, live.mine) and leaf.commitment == commitment(live.n, live.choice)
    assert closed.tokens(fingerprint) == sorted(token(fingerprint, live.mine) for live in closed.live)
    assert closed.root == root([leaf.hash for leaf in closed.leaves])


def test_the_last_ballot_of_each_is_the_live_one(scene):
    mine = scene.cast(3, scene.box.rule.blank_choice())
    _found, closed = amiss(scene)
    live = {live.mine: live.choice for live in closed.live}
    assert live[mine] == scene.box.rule.blank_choice() and len(live) == 17


def test_deleted_rows_are_missing_and_their_leaves_stay(scene):
    for number in (2, 3, 17):
        del scene.rows[key(scene, number)]
    found, closed = amiss(scene, missing=3)
    assert sorted(one for one, state in found.states.items()
                  if state == closing.MISSING) == sorted(key(scene, number) for number in (2, 3, 17))
    assert len(closed.live) == 15 and len(found.leaves) == 20


@pytest.mark.parametrize("many", [1, 10, 20])
def test_flipped_bits_damage_as_many_rows(scene, many):
    for number in range(many):
        row = scene.rows[key(scene, number)]
        scene.rows[row.row_key] = row._replace(sealed=row.sealed[:-1] + bytes([row.sealed[-1] ^ 1]))
    _found, closed = amiss(scene, damaged=many)
    assert closed.rows()["damaged"] == many and len(closed.live) == max(17 - many, 0)


@pytest.mark.parametrize("change", [{"channel": 3}, {"channel": 4, "paper": 1}, {"paper": 1}, {"channel": 0},
                                    {"channel": 255}, {"paper": -1}, {"sealed": b""}])
def test_a_row_made_something_else_by_update_is_damaged(scene, change):
    scene.rows[key(scene, 4)] = scene.rows[key(scene, 4)]._replace(**change)
    amiss(scene, damaged=1)


def test_an_older_row_put_back_is_damaged(scene):
    older = scene.rows[key(scene, 5)]
    scene.cast(5, scene.choice())
    scene.rows[key(scene, 5)] = older
    found, closed = amiss(scene, damaged=1)
    assert len(found.leaves) == 21 and len(closed.live) == 16


def test_a_row_of_somebody_else_put_in_the_place_of_another(scene):
    scene.rows[key(scene, 5)] = scene.rows[key(scene, 6)]._replace(row_key=key(scene, 5))
    amiss(scene, damaged=1)


def test_rows_of_nobody_count_nowhere(scene):
    for number in range(100, 150):
        scene.rows[key(scene, number)] = closing.VoterRow(key(scene, number), 1, 0, b"x" * 61)
    found, closed = amiss(scene, foreign=50)
    assert len(found.states) == 20 and len(closed.live) == 17


def test_somebody_who_was_never_on_the_roll_is_foreign_even_with_a_true_row(scene):
    scene.cast(200, scene.choice())
    amiss(scene, foreign=1)


def test_a_promise_deleted_is_lost_unless_a_live_row_gives_it(scene):
    replaced = scene.voters[key(scene, 7)].mine
    scene.cast(7, scene.choice())
    live = scene.voters[key(scene, 7)].mine
    del scene.promises[scene.box.keys.name(live)]
    amiss(scene)
    del scene.promises[scene.box.keys.name(replaced)]
    found, _closed = amiss(scene, lost=1)
    assert found.lost == [scene.box.keys.name(replaced)]


def test_a_promise_that_does_not_open_is_lost_and_one_in_anothers_place_too(scene):
    names = list(scene.promises)
    for number in range(15):
        del scene.rows[key(scene, number)]
    scene.promises[names[0]] = scene.promises[names[1]]
    scene.promises[names[2]] = b""
    amiss(scene, lost=2, missing=15)


def test_rows_and_promises_all_deleted(scene):
    scene.rows.clear()
    scene.promises.clear()
    _found, closed = amiss(scene, missing=20, lost=20)
    assert len(closed.leaves) == 256 and closed.live == ()


def test_a_row_that_never_reached_the_ledger_is_taken_as_it_is(scene):
    before = scene.ledger
    scene.cast(20, scene.choice())
    scene.ledger = before
    _found, closed = amiss(scene)
    assert len(closed.live) == 18


def test_no_ledger_is_told(scene):
    found = scene.compared(25, without_ledger=True)
    assert found.figures() == CLEAN | {"ledger": 0}


def test_a_live_row_with_a_choice_that_is_none_is_damaged(scene):
    scene.cast(21, bytes(scene.box.rule.length))
    amiss(scene, damaged=1)


def test_a_row_of_paper_that_hides_a_choice_is_damaged(scene):
    voter = rows.OpenedRow(Channel.PAPER_ISSUED, 9, 4, bytes(16), bytes(16), scene.box.rule.blank_choice())
    scene.write(key(scene, 22), voter)
    amiss(scene, damaged=1)


def test_changes_do_not_show_in_the_size_of_the_log():
    sizes = set()
    for changes in (0, 1, 5, 37):
        scene = Scene.of(changes)
        for number in range(20):
            scene.cast(number, scene.choice())
        for _ in range(changes):
            scene.cast(3, scene.choice())
        sizes.add(len(scene.closed(20).leaves))
    assert sizes == {320}


@given(st.integers(0, 3000), st.integers(0, 9000))
def test_the_size_of_the_log_is_the_smallest_that_the_format_allows(live, changes):
    size = closing.size_of_log(live + changes, live)
    least = max(live + changes, 2 * live + 256)
    assert least <= size < least + 64 and size % 64 == 0


def test_a_closing_is_read_back_from_its_file(scene):
    closed = scene.closed(25)
    sealed = closing.seal_closing(scene.box, closed)
    assert closing.open_closing(scene.box, sealed, closed.root) == closed
    for box, content, of in ((scene.box, sealed, b"x" * 32), (scene.box, sealed[:-1], closed.root),
                             (scene.box, b"", closed.root), (Scene.of(key=bytes(32)).box, sealed, closed.root),
                             (Scene.of(fingerprint=b"g" * 32).box, sealed, closed.root)):
        with pytest.raises(Damaged):
            closing.open_closing(box, content, of)


def test_after_the_close_rows_of_paper_alone_may_change(scene):
    closed = scene.closed(25)
    scene.paper(17, Channel.PAPER_RETURNED)
    found = scene.compared(25)
    assert closing.changed_since(closed, found) == [] and returned(closed, found) == 2
    del scene.rows[key(scene, 0)]
    scene.cast(24, scene.choice())
    scene.rows[key(scene, 1)] = scene.rows[key(scene, 1)]._replace(channel=4)
    changed = closing.changed_since(closed, scene.compared(25))
    assert changed == sorted(key(scene, number) for number in (0, 1, 24))


def test_a_paper_row_damaged_after_the_close_keeps_the_state_it_had(scene):
    closed = scene.closed(25)
    scene.rows[key(scene, 18)] = scene.rows[key(scene, 18)]._replace(channel=3)
    assert returned(closed, scene.compared(25)) == 1


def test_sheets_agree_with_the_rows_that_hold_them(scene):
    papers = scene.compared(25)
    assert closing.sheets_amiss(papers, {1: 3, 2: 4, 3: 5, 4: 3}) == 0
    assert closing.sheets_amiss(papers, {1: 3, 2: 3, 3: 5}) == 1
    assert closing.sheets_amiss(papers, {1: 3, 2: 4}) == 1
    assert closing.sheets_amiss(papers, {2: 4, 3: 5, 5: 3}) == 2
    assert closing.sheets_amiss(closing.Comparison(), {}) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["cast", "paper", "back", "delete", "flip", "older"])),
                max_size=40), st.integers(0, 2**32))
def test_a_box_closes_in_any_case_and_every_roll_entry_stands_once(acts, seed):
    scene, old = Scene.of(seed), {}
    for number, act in acts:
        row = scene.rows.get(key(scene, number))
        if act == "cast":
            scene.cast(number, scene.choice())
        elif act in ("paper", "back"):
            scene.paper(number, Channel.PAPER_ISSUED if act == "paper" else Channel.PAPER_RETURNED)
        elif row is not None and act == "delete":
            del scene.rows[row.row_key]
        elif row is not None and act == "flip":
            scene.rows[row.row_key] = row._replace(sealed=row.sealed[:20] + bytes([row.sealed[20] ^ 8])
                                                   + row.sealed[21:])
        elif row is not None:
            scene.rows[row.row_key] = old.get(row.row_key, row)
        if key(scene, number) in scene.rows:
            old.setdefault(key(scene, number), scene.rows[key(scene, number)])
    closed = scene.closed(12)
    touched = set(scene.voters)
    assert set(closed.states) == touched
    assert sum(closed.rows().values()) == len(touched)
    assert len(closed.live) == closed.rows()["online"] and closed.figures["foreign"] == 0
    assert closing.open_closing(scene.box, closing.seal_closing(scene.box, closed), closed.root) == closed


def test_leaves_are_hashes_of_entries(scene):
    leaf = scene.closed(25).leaves[0]
    assert leaf.hash == leaf_hash(ballot_entry(scene.box.fingerprint, leaf.mark, leaf.commitment))
    assert scene.box.id == BOX_ID
