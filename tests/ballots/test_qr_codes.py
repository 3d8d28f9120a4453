"""The quick QR codes are those that the book makes."""

import random

import pytest
import segno

from civic_forum.ballots.rules.signing import ALPHABET, tracker, typed
from civic_forum.ballots.voting.receipts import SAMPLE, codes_after

SITES = ["http://127.0.0.1:8000", "https://vote.example.go.kr", "https://" + "a" * 60 + ".example.org:8443"]


def trackers():
    chance = random.Random(5)
    return [tracker(chance.randbytes(32)) for _number in range(40)] + ["-".join([ALPHABET[-1] * 4] * 3), SAMPLE]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("site", SITES)
def test_the_code_of_any_tracker_is_the_one_that_is_made_by_the_book(site):
    codes = codes_after(f"{site}/receipts/")
    for one in trackers():
        wanted = segno.make(f"{site}/receipts/{one}", error="m", micro=False, boost_error=False, mask=mask_of(site))
        assert codes.rows(one) == ["".join(map(str, row)) for row in wanted.matrix]


def mask_of(site):
    return segno.make(f"{site}/receipts/{SAMPLE}", error="m", micro=False, boost_error=False).mask


def test_the_sample_is_a_tracker():
    assert typed(SAMPLE) == SAMPLE


def test_every_letter_has_its_own_code():
    codes = codes_after("https://vote.example.go.kr/receipts/")
    assert len({tuple(codes.rows(letter + SAMPLE[1:])) for letter in ALPHABET}) == len(ALPHABET)
