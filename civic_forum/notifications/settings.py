"""Sentences of notices as the district words them."""

from functools import partial

from civic_forum.platform import setting_shapes as shapes
from civic_forum.platform.i18n import _l
from civic_forum.platform.settings import Group, Setting, declare, in_each

from .labels import OF_RIGHTS, WORDED

declare(*(Setting(name=f"NOTICE_{step.upper()}", group=Group.NOTICES, by_two=step in OF_RIGHTS,
                  label=shapes.typed_text(text), does=_l("이 소식을 알리는 누리집과 메일의 문장이에요."),
                  shape=shapes.sentence(200, text), default=partial(in_each, text)) for step, text in WORDED.items()))
