"""Fields that join a record to another thing: found by words of its title, or named exactly.

A feature declares a kind of thing once (`Pickable`), and a form has a `PickerField` of it. Without JavaScript words are
typed and sent, and the page comes back with what was found, to be chosen: nothing is done by a word alone. With it
(static/js/pick.js) they are suggested while somebody types. Either way three values are sent: what was typed, what was
chosen (`<name>-choice`), and for which typed text it was offered (`<name>-asked`, behind the kind where another field
names it): words typed anew, or another kind, make a choice void.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import login_required
from wtforms import StringField
from wtforms.utils import unset_value

from civic_forum.platform import plain_text, policy
from civic_forum.platform.errors import Denied, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, never_cached, visitor

MOST_OFFERED = 8
LONGEST_TEXT = 100
WORDS_MOST = 8


@dataclass(frozen=True)
class Choice:
    """A thing that can be chosen; `value` is its exact name for services: a slug, a number, a code."""

    value: str
    title: str
    note: str = ""
    """Facts that tell it from others of the same title: number, state, day."""


@dataclass(frozen=True)
class Pickable:
    """A kind of thing that forms join to. Both functions give only what the actor may read."""

    name: str
    label: object
    """Its name, as a caption of suggestions."""
    permissions: tuple[str, ...]
    """Of those who use one of the forms: any of these permissions, asked without a subject."""
    search: Callable[[Any, str, int, str], Sequence[Choice]]
    """(actor, words, limit, within) → those with all words in their title, the likeliest first."""
    find: Callable[[Any, str, str], Choice | None]
    """(actor, value, within) → the one that is exactly this."""
    pages: str = ""
    """Beginning of the addresses of its pages: they may be pasted."""
    exact: re.Pattern[str] | None = None
    """Texts like these go to the service as they are where nothing is found: it knows why not."""


known: dict[str, Pickable] = {}
"""name → kind; filled while the application is put together."""

bp = Blueprint("pickers", __name__)


def register(pickable: Pickable) -> Pickable:
    known[pickable.name] = pickable
    return pickable


def has_words(text: str, *columns: Any) -> sa.ColumnElement[bool]:
    """Condition that every word of `text` is somewhere in these columns, for tables of few rows."""
    words = text[:LONGEST_TEXT].split()[:WORDS_MOST]
    return sa.and_(sa.true(), *(sa.or_(*(column.icontains(word, autoescape=True) for column in columns))
                                for word in words))


@bp.get("/pick/<name>")
@login_required  # type: ignore[untyped-decorator]
@never_cached  # type: ignore[untyped-decorator]
@by_address
def suggestions(name: str) -> ResponseReturnValue:
    """Things that begin to fit while somebody types, for those who may use a form that asks for them."""
    pickable = existing(known.get(name), lambda: NotFound(_("이런 화면은 없어요.")))
    reasons = [policy.why_not(visitor(), permission) for permission in pickable.permissions]
    if None not in reasons:
        raise Denied(reasons[0] or "")
    text, within = (plain_text.clean(request.args.get(key, "")[:LONGEST_TEXT]) for key in ("q", "within"))
    choices = pickable.search(visitor(), text, MOST_OFFERED, within) if text else ()
    return jsonify(choices=[{"value": choice.value, "title": choice.title, "note": choice.note} for choice in choices])


class PickerField(StringField):  # type: ignore[misc]
    """A thing that a record is joined to. `data` is what was typed, or the exact name that the record holds;
    `value` is the exact name of what is meant.
    """

    within: str = ""
    """The record inside which is looked, where its kind asks for one (a project of a round)."""

    def __init__(self, label: object, pickable: Pickable | None, *, kind_from: str = "", **options: Any) -> None:
        """`kind_from`: the field of the same form whose value names the kind, instead of `pickable`."""
        super().__init__(label, **options)
        self.pickable, self.kind_from = pickable, kind_from
        self.choice = self.asked = ""
        self.offered: Sequence[Choice] = ()
        """Things to choose from, after what was typed fits several."""
        self._chosen: Choice | None = None

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if formdata is not None and self.name in formdata:
            self.choice, self.asked = (plain_text.clean("".join(formdata.getlist(f"{self.name}-{part}")[:1])[:300])
                                       for part in ("choice", "asked"))

    @property
    def value(self) -> str | None:
        """Exact name of what was chosen; None for nothing. Raises Refusal at the field, with `offered`, where something
        was typed and nothing chosen.
        """
        typed = self.data or ""
        if not typed or self.pickable is None:
            return typed or None
        if self.choice and self.asked == self._as_asked(typed):
            self._chosen = self.pickable.find(visitor(), self.choice, self.within)
            if self._chosen is None:
                self.choice = ""
                raise Refusal(_("찾을 수 없어요. 번호나 주소가 맞는지 보거나 다시 찾아 주세요."), field=self.short_name)
        else:
            self._chosen = self._named(self.pickable, typed)
        if self._chosen is None:
            return end_of_address(typed, self.pickable.pages)
        self.choice, self.asked = self._chosen.value, self._as_asked(typed)
        return self._chosen.value

    def _as_asked(self, typed: str) -> str:
        return f"{self.pickable.name} {typed}" if self.kind_from and self.pickable else typed

    def _named(self, pickable: Pickable, typed: str) -> Choice | None:
        """The thing of which a page could show no more than was typed; None for an exact name of nothing that can be
        found. Raises Refusal for everything else, which is shown first."""
        end = end_of_address(typed, pickable.pages)
        named = pickable.find(visitor(), end, self.within)
        if named is not None and named.title == named.value:
            return named
        hits = [named] if named is not None else pickable.search(
            visitor(), typed[:LONGEST_TEXT], MOST_OFFERED + 1, self.within)
        if not hits and pickable.exact and pickable.exact.fullmatch(end):
            return None
        self.choice, self.offered = hits[0].value if len(hits) == 1 else "", hits[:MOST_OFFERED]
        if not hits:
            raise Refusal(_("이 말로 찾은 것이 없어요. 제목에 있는 낱말을 적거나, 화면 주소를 그대로 붙여 넣어 주세요."), field=self.short_name)
        self.asked = self._as_asked(typed)
        if len(hits) > MOST_OFFERED:
            raise Refusal(_("여러 개를 찾았어요. 아래에서 고르거나, 낱말을 더 적어 좁혀 주세요."), field=self.short_name)
        raise Refusal(_("아래가 찾은 것이에요. 맞으면 단추를 한 번 더 눌러 주세요.") if len(hits) == 1 else _(
            "찾은 것이 맞는지 아래에서 골라 주세요."), field=self.short_name)

    @property
    def chosen(self) -> Choice | None:
        """The thing that the record has, or that was chosen, for the page: its title stands where one types."""
        if self._chosen is None and self.raw_data is None and self.data and self.pickable is not None:
            self._chosen = self.pickable.find(visitor(), self.data, self.within)
            if self._chosen is not None:
                self._chosen = replace(self._chosen, title=plain_text.clean(self._chosen.title))
                self.choice, self.asked = self._chosen.value, self._as_asked(self._chosen.title)
        return self._chosen

    def _value(self) -> str:
        return self.chosen.title if self.chosen and self.raw_data is None else self.data or ""

    @property
    def url(self) -> str:
        """Address of suggestions; where another field names the kind, its name is to be put at the end."""
        return f"/pick/{self.pickable.name if self.pickable and not self.kind_from else ''}"


def end_of_address(typed: str, pages: str) -> str:
    """The name in a pasted address of a page of this kind; anything else as it was typed."""
    if not pages or pages not in typed or " " in typed:
        return typed
    try:
        path = urlsplit(typed).path
    except ValueError:
        return typed
    return path.partition(pages)[2].partition("/")[0] or typed
