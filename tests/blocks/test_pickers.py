"""Fields that join a record to another thing."""

import pytest
from flask_login import AnonymousUserMixin
from werkzeug.datastructures import MultiDict

from civic_forum.blocks import pickers
from civic_forum.blocks.pickers import Choice, Pickable, PickerField, end_of_address
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form

TREES = [Choice("shade", "나무 그늘", "논의 중"), Choice("roots", "나무 뿌리", "결정함"), Choice("bench", "의자")]


def _search(_actor, text, limit, _within):
    return [one for one in TREES if all(word in one.title for word in text.split())][:limit]


def _find(_actor, value, _within):
    return next((one for one in TREES if one.value == value), None)


THING = Pickable("thing", "것", ("things.use",), _search, _find, "/things/", SLUG)


@pytest.fixture
def fill(app, monkeypatch):
    monkeypatch.setattr(pickers, "visitor", AnonymousUserMixin)

    def filled(pickable=THING, **sent):
        class ThingForm(Form):
            thing = PickerField("무엇", pickable)

        with app.test_request_context(method="POST"):
            return ThingForm(MultiDict({name.replace("_", "-"): value for name, value in sent.items()}),
                             meta={"csrf": False}).thing

    return filled


@pytest.mark.parametrize(("typed", "value"), [
    ("shade", "shade"), ("/things/shade", "shade"), ("https://example.org/things/shade?x=1#y", "shade"),
    ("https://example.org/things/shade/edit", "shade"), ("뿌리", "roots"), ("  나무   뿌리 ", "roots")])
def test_a_name_an_address_or_words_that_fit_one_thing_are_shown_and_then_taken(fill, typed, value):
    field = fill(thing=typed)
    with pytest.raises(Refusal):
        assert field.value
    assert field.choice == value and [one.value for one in field.offered] == [value]
    assert fill(thing=typed, thing_asked=field.asked, thing_choice=field.choice).value == value


def test_nothing_typed_is_nothing(fill):
    assert fill(thing="").value is None and fill(thing=" ").value is None


def test_of_what_says_no_more_than_was_typed_nothing_is_shown(fill):
    known = Pickable("person", "사람", (), _search, lambda _actor, value, _within: Choice(value, value))
    assert fill(known, thing="kim").value == "kim"


def test_words_that_fit_several_things_offer_them(fill):
    field = fill(thing="나무")
    with pytest.raises(Refusal) as refused:
        assert field.value
    assert refused.value.field == "thing" and [one.value for one in field.offered] == ["shade", "roots"]
    assert field.data == field.asked == "나무"


def test_a_choice_counts_as_long_as_the_words_stay(fill):
    assert fill(thing="나무", thing_asked="나무", thing_choice="roots").value == "roots"
    other = fill(thing="의자", thing_asked="나무", thing_choice="roots")
    with pytest.raises(Refusal):
        assert other.value
    assert other.choice == "bench"
    assert fill(thing="", thing_asked="나무", thing_choice="roots").value is None


def test_a_choice_that_is_not_there_is_refused(fill):
    with pytest.raises(Refusal):
        assert fill(thing="나무", thing_asked="나무", thing_choice="secret").value


def test_words_that_fit_nothing_are_refused_and_an_exact_name_is_left_to_the_service(fill):
    with pytest.raises(Refusal):
        assert fill(thing="바다").value
    assert fill(thing="no-such-thing").value == "no-such-thing"


def test_a_form_that_is_shown_has_the_title_of_what_the_record_holds(app, monkeypatch):
    class ThingForm(Form):
        thing = PickerField("무엇", THING)

    monkeypatch.setattr(pickers, "visitor", AnonymousUserMixin)
    with app.test_request_context():
        field = ThingForm(formdata=None, data={"thing": "shade"}, meta={"csrf": False}).thing
        assert 'value="나무 그늘"' in field() and (field.choice, field.asked) == ("shade", "나무 그늘")
        gone = ThingForm(formdata=None, data={"thing": "gone"}, meta={"csrf": False}).thing
        assert 'value="gone"' in gone() and gone.choice == ""


@pytest.mark.parametrize("typed", ["", "/things/", "things", "http://[", "a /things/b", "//things/", "things/things/"])
def test_a_text_that_is_no_address_stays_as_it_is(typed):
    assert end_of_address(typed, "/things/") == typed
