"""Elections in the Pabulib format (pabulib.org/format): read whole or refused with a line, and written in one form."""

from .ballots import Ballot, VoteType
from .faults import Fault, Trouble
from .making import election_of, file_of_vote, says_committee, with_committee, write
from .parsing import PabulibFile, read
from .remarks import Difference, Remark, Remarkable, differences, remarks
from .sections import Table

__all__ = ["Ballot", "Difference", "Fault", "PabulibFile", "Remark", "Remarkable", "Table", "Trouble", "VoteType",
           "differences", "election_of", "file_of_vote", "read", "remarks", "says_committee", "with_committee", "write"]
