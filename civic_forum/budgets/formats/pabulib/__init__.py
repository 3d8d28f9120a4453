"""Elections in the Pabulib format (pabulib.org/format): read whole or refused with a line, and written in one form."""

from .elections import election_of, says_committee, with_committee
from .faults import Fault, Trouble
from .files import Ballot, PabulibFile, Table, VoteType
from .making import file_of_vote
from .reading import read
from .remarks import Difference, Remark, Remarkable, differences, remarks
from .writing import write

__all__ = ["Ballot", "Difference", "Fault", "PabulibFile", "Remark", "Remarkable", "Table", "Trouble", "VoteType",
           "differences", "election_of", "file_of_vote", "read", "remarks", "says_committee",
           "with_committee", "write"]
