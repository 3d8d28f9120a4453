"""The life of a ballot box: stages, confirmations by two officials, when casting is open."""

from enum import StrEnum


class Channel(StrEnum):
    """How a person takes part; set at the desk or by casting, never with a time."""

    ONLINE = "online"
    ASSISTED = "assisted"
    PAPER_ISSUED = "paper_issued"
    PAPER_RETURNED = "paper_returned"


class SheetState(StrEnum):
    """What became of one numbered paper ballot."""

    ISSUED = "issued"
    RETURNED = "returned"
    SPOILED = "spoiled"
    TAKEN_BACK = "taken_back"


class RollSource(StrEnum):
    """Where an electoral roll comes from. `declared` also takes those who only said that they belong here."""

    VERIFIED = "verified"
    DECLARED = "declared"
    IMPORTED = "imported"


class ConfirmedAction(StrEnum):
    """What one official proposes and another one confirms."""

    OPEN = "open"
    CLOSE_EARLY = "close_early"
    EXPORT_KEY = "export_key"
    DESTROY_KEY = "destroy_key"
    PUBLISH = "publish"


class BoxStage(StrEnum):
    """How far a box has come. The order of the members is the only order there is."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    RECORDS_WRITTEN = "records_written"
    ERASED = "erased"
    KEY_DESTROYED = "key_destroyed"
    PUBLISHED = "published"
