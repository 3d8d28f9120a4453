"""Input of counts on the command line: a .pb file, or the record of a vote."""

from dataclasses import dataclass
from pathlib import Path

from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from ..formats.pabulib.making import election_of
from ..formats.pabulib.parsing import Fault, PabulibFile, read
from ..formats.records import MAGIC, NotCountable, Uncountable, read_record
from ..counting.election import Election
from ..counting.settings import CountingRules
from ..trials import labels


@dataclass(frozen=True)
class Source:
    title: str
    election: Election
    names: dict[str, str]
    currency: str
    rules: CountingRules | None
    """Those that the record fixes; a .pb file names its rule only in words."""
    file: PabulibFile | None = None


def source(path: Path) -> Source:
    """Raises Refusal for a file that is neither, or wrong."""
    with path.open("rb") as opened:
        is_record = opened.read(len(MAGIC)) == MAGIC
    return _of_record(path) if is_record else _of_file(pabulib_file(path))


def pabulib_file(path: Path) -> PabulibFile:
    """Raises Refusal with the line that is wrong."""
    try:
        return read(path.read_bytes())
    except Fault as fault:
        raise Refusal(labels.of_fault(fault)) from fault


def _of_file(file: PabulibFile) -> Source:
    return Source(file.meta["description"], election_of(file), file.names(), file.meta.get("currency", ""), None, file)


def _of_record(path: Path) -> Source:
    try:
        found = read_record(path)
    except NotCountable as wrong:
        if wrong.why is Uncountable.NOT_A_BUDGET:
            raise Refusal(_("주민참여예산 투표의 기록이 아니에요.")) from wrong
        if wrong.why is Uncountable.FEW:
            raise Refusal(_("투표지가 10장보다 적어서 표 수를 공개하지 않은 기록이에요. 참관인용 기록으로만 다시 셀 수 있어요.")) from wrong
        raise Refusal(_("투표 기록으로 읽을 수 없는 파일이에요. verify 명령으로 먼저 확인해 주세요.")) from wrong
    return Source(found.title, found.election, found.names, found.currency, found.rules)
