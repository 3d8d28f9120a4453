"""Texts of outgoing letters: short, plain text, with the way to the page and the way out of it.

Titles and sentences are those of the notices, so nothing is here that the reader may not see on the site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from flask import current_app

from civic_forum.blocks.kinds import kind_of
from civic_forum.platform import settings
from civic_forum.platform.i18n import Language, _, _n
from civic_forum.platform.outbox import Carrier, Letter

from . import links, labels
from .links import Subscription
from .rules import (MOST_SENTENCES, MOST_SUBJECTS, SHORT_MESSAGE_BYTES, Channel, Frequency, NoticeKind, fitting,
                    in_bytes)

PAGE = "/me/notices"
KIND = "notice."
"""How kinds of letters that tell of notices begin."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reader of a letter, and their address by its channel."""

    user_id: int
    name: str
    address: str
    language: Language


@dataclass(frozen=True, slots=True)
class News:
    kind: NoticeKind
    about: str
    step: str
    title: str | None
    """None where it cannot be seen any more."""
    url: str
    details: Mapping[str, object]
    at: datetime

    @property
    def sentence(self) -> str:
        return labels.sentence(self.step, self.details)

    @property
    def subject(self) -> str:
        if self.title is None:
            return str(labels.GONE)
        return self.title or str(labels.SUBJECT.get(kind_of(self.about), ""))


def mail(reader: Reader, news: Sequence[News], frequency: Frequency) -> Letter:
    """One piece of news at once, or a digest."""
    if frequency is Frequency.AT_ONCE:
        subject, paragraphs, what = _single(news[0]), _told(news), news[0].kind
        leaving = _("이런 소식을 이메일로 그만 받으려면 아래 주소를 열어 주세요.")
    else:
        subject = _n("새 소식 %(num)s건", "새 소식 %(num)s건", len(news))
        paragraphs, what = [_opening(frequency), *_told(news)], frequency
        leaving = _("모아 보내는 소식을 그만 받으려면 아래 주소를 열어 주세요.")
    way_out = links.address(Subscription(reader.user_id, Channel.MAIL, what))
    text = "\n\n".join((_("%(name)s 님, 안녕하세요.", name=reader.name), *paragraphs,
                        f"--\n{_site()}\n{_address('/')}", f"{leaving}\n{way_out}"))
    return Letter(to=reader.address, subject=f"[{_site()}] {subject}", body=text + "\n", kind=f"{KIND}{what}",
                  user_id=reader.user_id, unsubscribe=way_out)


def short_message(reader: Reader, news: Sequence[News], frequency: Frequency) -> Letter:
    """Text of one message: the site, what happened, the way there. The sentence is cut, never the address."""
    head, sentence, url = f"[{_site()}] ", news[0].sentence, news[0].url
    if len(news) > 1:
        sentence, url = _n("새 소식 %(num)s건", "새 소식 %(num)s건", len(news)), PAGE
    for path in (url, PAGE, "/me"):
        tail = f"\n{_address(path)}"
        if room := fitting(sentence, SHORT_MESSAGE_BYTES - in_bytes(head + tail)):
            break
    return Letter(to=reader.address, subject="", body=f"{head}{room}{tail}", kind=f"{KIND}{news[0].kind}",
                  user_id=reader.user_id, carrier=Carrier.SMS)


def _single(piece: News) -> str:
    """Subject line: what happened, and then to what: titles may be long, and the end of a subject is cut."""
    first = piece.sentence.split(". ")[0].rstrip(".")
    return f"{first} · {piece.subject}" if piece.subject else first


def _opening(frequency: Frequency) -> str:
    return _("하루 동안 모인 소식이에요.") if frequency is Frequency.DAILY else _("한 주 동안 모인 소식이에요.")


def _told(news: Sequence[News]) -> list[str]:
    """A paragraph for each thing that the news are about, the newest first."""
    subjects: dict[str, list[News]] = {}
    for piece in sorted(news, key=lambda piece: piece.at, reverse=True):
        subjects.setdefault(piece.about, []).append(piece)
    told = [_thing(about) for about in islice(subjects.values(), MOST_SUBJECTS)]
    if (more := len(subjects) - len(told)) > 0:
        told.append(_n("그 밖에 %(num)s건이 더 있어요.", "그 밖에 %(num)s건이 더 있어요.", more) + f"\n{_address(PAGE)}")
    return told


def _thing(news: list[News]) -> str:
    heading = [f"■ {news[0].subject}"] if news[0].subject else []
    sentences = list(dict.fromkeys(piece.sentence for piece in news))[:MOST_SENTENCES]
    return "\n".join((*heading, *sentences, _address(news[0].url)))


def _site() -> str:
    return settings.in_words("SITE_NAME")


def _address(path: str) -> str:
    return current_app.config["URL"] + path
