"""Display settings of a person: text size, contrast, colours, language. Cookies, set by choice only."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

from flask import Blueprint, Flask, Response, g, has_request_context, redirect, request

from . import cookies
from .errors import Invalid
from .i18n import WHOLE, Language, _, known, marked, speaking, spoken
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
    offered: Language | None
    """Language that the browser asks for before any other, if nothing was chosen."""

    @cached_property
    def offer(self) -> str:
        """The words of the link to it, in that language."""
        with speaking(self.offered or Language.KO):
            return _("이 화면을 한국어로 읽기")

    @cached_property
    def key(self) -> str:
        return f"{self.text}|{int(self.contrast)}|{self.look}|{self.language}|{self.offered or ''}"


def display() -> Display:
    """The choices of this request."""
    if "display" not in g:
        g.display = _display(*cookies.values(CHOICES), request.headers.get("Accept-Language", "")[:2].lower())
    return g.display


@lru_cache(maxsize=256)
def _display(text: str, contrast: str, look: str, language: str, asked: str) -> Display:
    """Display of these cookies and the language that the browser asks for; what is no choice is left out."""
    offered = known(asked) if language not in CHOICES["language"] else Language.KO
    return Display(text if text in CHOICES["text"] else "", contrast == "1", look if look in CHOICES["look"] else "",
                   known(language), None if offered.is_korean else offered)


def init_app(app: Flask) -> None:
    """Speak the language of each request while it is answered."""
    app.jinja_env.globals |= {"LANGUAGES": tuple(Language), "language_of": known}
    app.before_request(_speak)
    app.teardown_request(lambda _error: spoken.set(Language.KO))


def _speak() -> None:
    spoken.set(display().language)


def mark(answer: Response) -> None:
    """Texts in Korean say so on pages in a language of which not every text is there; asked before a page is packed."""
    if spoken.get() not in WHOLE and answer.mimetype == "text/html" and not answer.is_streamed:
        answer.set_data(marked(answer.get_data(as_text=True)))


def language_of_page() -> str:
    """Language that the person chose; Korean for commands and background work."""
    return display().language.mark if has_request_context() else Language.KO.mark


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
