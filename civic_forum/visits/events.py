"""Facts about requests for a visit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitAnswered:
    """The office said when it comes, or why not."""

    visit_request_id: int
