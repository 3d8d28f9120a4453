"""What people type, if it says something; and the proposal that it is about, locked."""

from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import Refusal
from civic_forum.kernel.i18n import _
from civic_forum.proposals import queries as proposals

from .. import queries


def words_given(text: str, least: int, most: int, field: str) -> str:
    text = plain_text.clean(text or "", lines=True)
    if not least <= len(text) <= most:
        raise Refusal(_("%(least)s자 이상 %(most)s자 이하로 적어 주세요.", least=least, most=f"{most:,}"), field=field)
    return text


def locked_case(proposal_id: int) -> queries.Case:
    """Raises NotFound."""
    return queries.case(proposals.locked(proposal_id))
