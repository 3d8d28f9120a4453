"""Display settings of a person: text size, contrast, colours, language. Cookies, set by choice only."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

from flask import Blueprint, Flask, g, has_request_context, redirect, request

from . import cookies
from .errors import Invalid
from .i18n import Language, _, spoken
from .addresses import local_path

bp = Blueprint("display", __name__)
CHOICES = {"text": ("", "lg", "xl"), "contrast": ("", "1"), "look": ("", "light", "dark"), "language": tuple(Language)}
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Display:
    text: str
    contrast: bool
    look: str
    """Light or dark pages; empty for those of the device."""
    language: Language
    offers_english: bool
    """Where nothing was chosen and the browser asks for English before anything else."""

    @cached_property
    def key(self) -> str:
        return f"{self.text}|{int(self.contrast)}|{self.look}|{self.language}|{int(self.offers_english)}"


def display() -> Display:
    """The choices of this request."""
    if "display" not in g:
        asks = request.headers.get("Accept-Language", "")[:2].lower() == Language.EN
        g.display = _display(*cookies.values(CHOICES), asks)
    return g.display


@lru_cache(maxsize=256)
def _display(text: str, contrast: str, look: str, language: str, asks_for_english: bool) -> Display:
    """Display of these cookies; what is no choice is left out."""
    return Display(text if text in CHOICES["text"] else "", contrast == "1", look if look in CHOICES["look"] else "",
                   Language(language) if language in CHOICES["language"] else Language.KO,
                   asks_for_english and language not in CHOICES["language"])


def init_app(app: Flask) -> None:
    """Speak the language of each request while it is answered."""
    app.before_request(_speak)
    app.teardown_request(lambda _error: spoken.set(Language.KO))


def _speak() -> None:
    spoken.set(display().language)


def language_of_page() -> str:
    """Language that the person chose; Korean for commands and background work."""
    return str(display().language if has_request_context() else Language.KO)


@bp.get("/display")
def choose():
    """Keep the choices named in the query and go back to where the person was."""
    answer = redirect(local_path(request.args.get("back")))
    for name, allowed in CHOICES.items():
        if (value := request.args.get(name)) is None:
            continue
        if value not in allowed:
            raise Invalid(_("이런 보기 설정은 없어요."))
        cookies.put(answer, name, value, A_YEAR)
    return answer
