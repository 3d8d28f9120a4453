"""Names of what belongs to surveys."""

from types import MappingProxyType

from civic_forum.platform.i18n import _, _l

from .rules import Name, Way

WAY = MappingProxyType({Way.PERSON: _l("확인된 사람"), Way.ACCOUNT: _l("회원"), Way.LETTER: _l("편지"), Way.PAPER: _l("종이"),
                        Way.FREE: _l("누구나")})


def option(name: Name) -> str:
    """An answer that is counted, in the language of who reads."""
    return _("답하지 않음") if name is None else name
