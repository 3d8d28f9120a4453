"""A poll and a round of the sample with all that a record of format 3 can say: officers, signed counts with acts of
staff and additions by way, a late closing that was looked into, a tie and its draw."""

import json
import subprocess
import sys
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officers.models import Officer
from civic_forum.ballots.published import records
from civic_forum.ballots.voted import named
from civic_forum.platform.base import db
from civic_forum.sample_data.people import read

LOTTERY, DICE = "1013:21,22,26,34,36,41+32", "36142 51263 44156 23615"
VOTES = {"doksan-bench-2022": LOTTERY, "siheung-walk/walk": DICE}
"""Name of a box → the draw as it was published."""
WAYS = {"doksan-bench-2022": {"added_desk": 2, "added_letter": 1},
        "siheung-walk/walk": {"added_desk": 1, "added_letter": 1, "open_account": 1}}
"""Words of the last count on acts of staff and on those who were added."""


@pytest.fixture(params=VOTES)
def name(request):
    return request.param


@pytest.fixture
def box(district, name):
    return named(name)


def verified(box, *arguments, edition="public"):
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(getattr(records, edition)(box)), "--key",
         keyring.key_fingerprint(), "--language", "ko", *arguments], capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize("edition", ["public", "observers"])
def test_the_record_passes_and_its_draw_is_the_one_that_was_published(box, name, edition):
    status, lines, wrong = verified(box, "--draw", VOTES[name], edition=edition)
    assert status == 0, (lines, wrong)
    assert "모두 다시 셌어요." in lines[-1] and "견주지 않았어요" not in lines[-1]
    assert any("기록의 추첨이 알려 주신 것과 같아요." in line for line in lines)


def test_a_draw_that_is_not_named_is_not_compared_and_another_one_is_refused(box, name):
    status, lines, _wrong = verified(box)
    assert status == 0 and "견주지 않았어요: 공개된 추첨(--draw)." in lines[-1]
    other = next(draw for draw in VOTES.values() if draw != VOTES[name])
    assert verified(box, "--draw", other)[0] == 1


def test_the_record_says_who_decided_and_what_was_looked_into(box, district):
    with ZipFile(records.public(box)) as record:
        definition, alarms, acts = (json.loads(record.read(f"{member}.json")) for member in (
            "box", "alarms", "confirmations"))
    positions = set(db.session.scalars(sa.select(Officer.position)))
    assert {officer["position"] for officer in definition["officers"]} == positions and len(positions) == 3
    assert alarms["late"] > 8 * 3_600 and [reason["text"] for reason in alarms["reasons"]] == [
        act["confirmation"]["note"] for act in acts if act["confirmation"]["action"] == "count_anyway"]
    assert [act["confirmation"]["action"] for act in acts] == ["open", "count_anyway", "draw"]
    assert all(set(act["confirmation"]["by"]) < positions for act in acts)


def test_its_signed_counts_name_acts_of_staff_and_additions_by_way(box, name, district):
    with ZipFile(records.public(box)) as record:
        counts = json.loads(record.read("counts.json"))
    assert len(counts) == 3 and all("acts" in count for count in counts)
    found = {act["kind"]: act["number"] for act in counts[-1]["acts"]}
    assert found == WAYS[name] and counts[-1]["additions"] == sum(
        number for kind, number in found.items() if kind.startswith("added_"))


def test_the_pages_say_so(district):
    client = district.test_client()
    page = client.get("/polls/doksan-bench-2022").text
    assert "로또 6/45 1013회: 21, 22, 26, 34, 36, 41, 보너스 32" in page
    assert "이상이 있는 채로 세기로 했어요" in page
    assert "주사위 20개: 3 6 1 4 2 5 1 2 6 3" in client.get("/budgets/siheung-walk/walk/results/recount").text


def test_their_figures_are_those_of_the_files(district):
    [poll] = [one for one in read("polls")["polls"] if one["slug"] == "doksan-bench-2022"]
    [walk] = [one for one in read("budgets")["rounds"] if one["slug"] == "siheung-walk"]
    for name, expected in (("doksan-bench-2022", poll["expected"]["votes"]),
                           ("siheung-walk/walk", walk["expected"]["walk"]["votes"])):
        figures = json.loads(named(name).result)
        assert [line["votes"] for line in figures["totals"]] == list(expected.values())
