"""One act on several things of a list: those that were ticked, each in a transaction of its own."""

from collections.abc import Callable, Mapping

from flask import request
from flask.typing import ResponseReturnValue

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import _

from .pages import saved

FIELD = "chosen"
"""Name of the boxes (`tick` in templates/blocks/listing.html)."""
MOST = 50


def chosen() -> list[str]:
    """Values of the boxes that were ticked, each once. Raises Refusal for none and for too many."""
    values = list(dict.fromkeys(filter(None, map(plain_text.clean, request.form.getlist(FIELD)))))
    if not values:
        raise Refusal(_("목록에서 하나 이상 골라 주세요."))
    if len(values) > MOST:
        raise Refusal(_("한 번에 %(most)s개까지 고를 수 있어요. 나누어 해 주세요.", most=MOST))
    return values


def act_on_several(act: Callable[[str], object], summary: Callable[[int], str], url: str,
                   names: Callable[[list[str]], Mapping[str, str]] | None = None) -> ResponseReturnValue:
    """Do it with each thing that was ticked, and lead on to the page with one sentence: how many it was done with
    (`summary`), and what was refused and why. `names`: what things are called, by their values.

    Raises Refusal where nothing was ticked; Conflict where all was refused, Denied where this person may do none.
    """
    refused: dict[str, str] = {}
    values, denied = chosen(), 0
    for value in values:
        try:
            act(value)
        except Refusal as refusal:
            refused[value] = str(refusal)
            denied += isinstance(refusal, Denied)
    done = len(values) - len(refused)
    called = names(list(refused)) if names and refused else {}
    why = " ".join(f"{called.get(value, value)}: {sentence}" for value, sentence in refused.items())
    if not done:
        raise Denied(why) if denied == len(values) else Conflict(why)
    left = _("%(count)s건은 하지 못했어요. %(why)s", count=len(refused), why=why) if refused else ""
    return saved(f"{summary(done)} {left}".strip(), url)
