"""Ten falsifications of a record of 50,000 ballots made by the site's own writer, and how long checking takes."""

import zipfile
from time import perf_counter
from types import SimpleNamespace

import pytest

from civic_forum.ballots.formats.record import write_editions
from tests.ballots.made_votes import make_vote
from tests.verifier import primitives
from tests.verifier.mutations import ANY, MUTATIONS, REFUSED, Scene
from tests.verifier.running import run_alone

pytestmark = pytest.mark.long
CHOSEN = [
    "entries.txt: an entry dropped at 34%",
    "entries.txt: an entry swapped with the next at 50%",
    "openings.txt: a revision altered at 34%",
    "choices.txt: a choice altered at 100%",
    "choices.txt: a replaced ballot opened too",
    "paper-choices.json: a choice altered",
    "result.json: totals 0 votes one more",
    "result.json: a vote moved from 2 to 3, without choices",
    "objections.json: one withheld that was shown",
    "zip: a bit flipped, 7",
]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """(scene, folder with both editions)"""
    vote = make_vote(50_000, withdrawn=50, batches=20)
    folder = tmp_path_factory.mktemp("records")
    paths = {"totals": folder / "record.zip", "choices": folder / "observers.zip"}
    write_editions(vote.record, vote.seed, public=paths["totals"], observers=paths["choices"])
    members = {}
    for edition, path in paths.items():
        with zipfile.ZipFile(path) as archive:
            members[edition] = {name: archive.read(name) for name in archive.namelist()}
    made = SimpleNamespace(seed=vote.seed)
    scene = Scene(made, paths["totals"].read_bytes(), paths["choices"].read_bytes(), vote.record.heads, members)
    return scene, folder


@pytest.mark.parametrize("edition", ["record.zip", "observers.zip"])
def test_fifty_thousand_ballots_are_checked_in_less_than_ninety_seconds(written, edition):
    scene, folder = written
    begun = perf_counter()
    done = run_alone(folder / edition, "--key", primitives.key_fingerprint(scene.vote.seed))
    assert perf_counter() - begun < 900
    assert done.returncode == 0, done.stdout[-300:]


def test_ten_are_chosen():
    assert len(CHOSEN) == 10 and set(CHOSEN) <= {mutation.name for mutation in MUTATIONS}


@pytest.mark.parametrize("name", CHOSEN)
def test_a_falsified_record_of_fifty_thousand_is_refused(written, desk, name):
    scene, _ = written
    mutation = next(mutation for mutation in MUTATIONS if mutation.name == name)
    as_it_is, signed_anew = mutation.make(scene)
    assert desk.verify(as_it_is)[0] == 1
    alone = desk.verify(signed_anew)[0]
    if mutation.after == REFUSED:
        assert alone == 1, "signed anew it passes"
    elif mutation.after == ANY:
        assert alone == 1 or desk.verify(signed_anew, head=list(scene.heads), same_as=scene.public)[0] == 1
    else:
        assert (alone, mutation.after) == (0, ("same_as",))
        other = scene.public if mutation.edition == "choices" else scene.observers
        assert desk.verify(signed_anew, same_as=other)[0] == 1
