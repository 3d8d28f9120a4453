"""Tabs of the hall and of the host's console: which there are, and in which a form stands.

Wide windows show the hall whole, and of the console the floor and the questions beside one tab.
"""

from collections.abc import Mapping

from civic_forum.platform.i18n import _l

HALL = {"now": _l("지금"), "questions": _l("질문"), "pulse": _l("설문"), "chat": _l("대화"), "tables": _l("모둠")}
CONSOLE = {"floor": _l("발언"), "questions": _l("질문"), "pulse": _l("설문"), "chat": _l("대화"), "agenda": _l("순서"),
           "tables": _l("모둠"), "closing": _l("마무리")}
BESIDE = ("pulse", "chat", "agenda", "tables", "closing")
"""Of the console, those of the third column of a wide window."""
_FORMS = {
    "questions": ("question", "support", "typed"),
    "pulse": ("pulse", "pulse-open", "pulse-end", "hands", "word-out", "consultation", "consultation-end",
              "consultation-result"),
    "chat": ("chat", "chat-order"),
    "agenda": ("programme-start", "programme-extend", "programme-end", "screen"),
    "tables": ("note", "seat", "leaving", "table", "tables_question", "tables_making", "tables_seating",
               "tables_opening", "tables_closing", "projection"),
    "closing": ("decision", "unmute", "mute"),
}
OF_FORM = {form: tab for tab, forms in _FORMS.items() for form in forms}
"""Forms of the first tab are not among them."""


def chosen(tabs: Mapping[str, object], asked: str | None, form: str = "") -> str:
    """The tab that the page opens with: of a refused form its own, else the one that was asked for, else the first."""
    for name in (OF_FORM.get(form), asked):
        if name in tabs:
            return name
    return next(iter(tabs))


def query(back: str, form: str) -> str:
    """Query of the address of the page that comes anew after this form."""
    tab = OF_FORM.get(form)
    return f"?tab={tab}" if tab in {"": HALL, "/host": CONSOLE}.get(back, {}) else ""
