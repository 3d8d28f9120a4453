"""A district that is not the sample's: other names in two languages, and nothing else set."""

import re

import config
from civic_forum.app import create_app
from civic_forum.platform.base import db
from tests import factories
from tests.conftest import Browser, SETTINGS

NAMES = {"SITE_NAME": "한빛마을", "SITE_NAME_EN": "Hanbit Town", "DISTRICT_NAME": "한빛구", "DISTRICT_NAME_EN": "Hanbit-gu",
         "OFFICE_NAME": "한빛구청", "OFFICE_NAME_EN": "Hanbit-gu Office"}
LISTS = {"neighbourhoods": [{"name_ko": "가람동", "name_en": "Garam-dong"},
                            {"name_ko": "누리 & 솔동", "name_en": "Nuri & Sol-dong"},
                            {"name_ko": '"새빛" 1동', "name_en": '"Saebit" 1-dong'},
                            {"name_ko": "아름드리나무가많은언덕너머강가에자리한우리들의마을제이동", "name_en": "The 2nd dong"},
                            {"name_ko": "Technopolis", "name_en": "Technopolis"}],
         "departments": [{"name_ko": "민원과", "name_en": "Civil Affairs"}, {"name_ko": "길과 물", "name_en": "Roads"},
                         {"name_ko": "살림과", "name_en": "Finance"}],
         "audiences": [{"name_ko": "농부", "name_en": "Farmers"}, {"name_ko": "학부모", "name_en": "Parents"}]}
SAMPLE = re.compile("금천|Geumcheon|1번가|衿川")
LANGUAGES = ("ko", "en", "zh")


def site(data):
    """An application of this district without its lists, as its settings alone make it: it is no sample."""
    limits = {name: value for name, value in SETTINGS.items() if name.startswith("LIMIT_")}
    app = create_app(config.load({}, DATA=str(data), SECRET_KEY="only for the tests " * 4, STAFF_TOTP="optional",
                                 **NAMES, **limits))
    app.config |= {"TESTING": True, "WTF_CSRF_ENABLED": False, "PROPAGATE_EXCEPTIONS": False, "PAGE_CACHE": False}
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
        factories.put_categories()
    return app


def faults(status: int, kind: str, text: str, language: str) -> list[str]:
    """A word for an answer that fails, names the district of the sample, or is no page in this language."""
    other = "<html" in text and not 300 <= status < 400 and f'<html lang="{language}"' not in text
    text = re.sub(r"<[^>]+>", " ", text) if kind.startswith("text/") or kind.endswith(("json", "xml")) else ""
    about = [text[max(0, named.start() - 30):named.end() + 20] for named in SAMPLE.finditer(text)][:1]
    return [str(status)] * (status >= 500) + ["not in this language"] * other + [
        f"says {' '.join(words.split())!r}" for words in about]


def faults_of(answer, language: str) -> list[str]:
    """The same for an answer to a test client."""
    with answer:
        return faults(answer.status_code, answer.mimetype, answer.get_data().decode(errors="replace"), language)
