"""No falsified record passes: not as it is, and not signed anew by the site's own key once anybody kept anything."""

import pytest

from tests.running import turns
from tests.verifier import making, primitives
from tests.verifier.mutations import ANY, MUTATIONS, REFUSED, UNDONE, Scene

KEY = primitives.key_fingerprint(primitives.SEED)


SMALL, LARGE = 10, 1000
EACH = 8
"""One mutation of so many is tried on the large record as well."""


def tried():
    """Every mutation on the small record; on the large one those in their turn, the others in the long run."""
    for number, mutation in enumerate(MUTATIONS):
        yield pytest.param(SMALL, mutation, id=f"{SMALL}-{mutation.name}")
        marks = () if (number + turns.turn()) % EACH == 0 else pytest.mark.long
        yield pytest.param(LARGE, mutation, id=f"{LARGE}-{mutation.name}", marks=marks)


@pytest.fixture(scope="module", params=[SMALL, LARGE])
def scene(request):
    return Scene.of(making.make_vote(request.param))


def kept(scene, mutation):
    """What people kept, as options of the command."""
    return {
        "head": {"head": scene.heads},
        "receipt": {"receipt": scene.receipts()},
        "receipt_late": {"receipt": scene.receipts(late=True)},
        "same_as": {"same_as": scene.public if mutation.edition == "choices" else scene.observers},
    }


def test_the_untouched_record_is_accepted_with_everything_that_was_kept(scene, desk):
    for record, other in ((scene.public, scene.observers), (scene.observers, scene.public)):
        for receipts in (scene.receipts(), scene.receipts(late=True)):
            status, lines = desk.verify(record, key=KEY, head=scene.heads, receipt=receipts, same_as=other)
            assert (status, lines[-1]) == (0, "OK: everything checked holds; signed by the key you named.")


def test_there_are_two_hundred_mutations_of_all_kinds():
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) >= 200
    assert sum(type(mutation.after) is tuple for mutation in MUTATIONS) >= 30


@pytest.mark.thorough
@pytest.mark.parametrize("scene, mutation", list(tried()), indirect=["scene"])
def test_a_falsified_record_is_refused(scene, desk, mutation):
    as_it_is, signed_anew = mutation.make(scene)
    assert as_it_is not in (scene.public, scene.observers)
    status, lines = desk.verify(as_it_is, key=KEY)
    assert status == 1 and lines[-1].startswith("WRONG: ")
    assert "cannot be read as a record" not in lines[-1], "it stumbled, rather than saw what is wrong"

    if mutation.after == UNDONE:
        assert signed_anew == scene.observers
        return
    assert signed_anew not in (scene.public, scene.observers)
    status, lines = desk.verify(signed_anew, key=KEY)
    if mutation.after == REFUSED:
        assert status == 1 and lines[-1].startswith("WRONG: "), "signed anew it passes"
        assert mutation.because in lines[-1]
    elif mutation.after == ANY:
        caught = (desk.verify(signed_anew, key=KEY, **options)[0] for options in kept(scene, mutation).values())
        assert status == 1 or any(caught)
    else:
        assert status == 0, lines[-1]
        for name in mutation.after:
            status, lines = desk.verify(signed_anew, key=KEY, **kept(scene, mutation)[name])
            assert status == 1 and lines[-1].startswith("WRONG: "), f"{name} does not give it away"
