"""A vote of fifty thousand: made, written and checked, in little time and memory."""

import tracemalloc
from time import perf_counter

import pytest

from civic_forum.ballots.formats.record import write_editions
from tests.ballots.made_votes import make_vote
from tests.ballots.test_record_writing import verify

pytestmark = pytest.mark.long
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def vote():
    return make_vote(50_000, withdrawn=50, batches=20)


def test_fifty_thousand_ballots_are_written_and_checked(vote, tmp_path):
    begun = perf_counter()
    write_editions(vote.record, vote.seed, public=tmp_path / "record.zip", observers=tmp_path / "observers.zip")
    assert perf_counter() - begun < 300
    for edition in ("record.zip", "observers.zip"):
        begun = perf_counter()
        assert verify(tmp_path / edition)[0] == 0
        assert perf_counter() - begun < 900


def test_writing_holds_little_more_than_the_leaf_hashes(vote, tmp_path):
    tracemalloc.start()
    try:
        write_editions(vote.record, vote.seed, public=tmp_path / "record.zip", observers=tmp_path / "observers.zip")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20 * MEBIBYTE < (tmp_path / "observers.zip").stat().st_size


def test_fifty_thousand_casts_become_leaves_in_seconds():
    begun = perf_counter()
    assert len(make_vote(50_000).leaves) > 50_000
    assert perf_counter() - begun < 200
