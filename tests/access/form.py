"""The form of one address: what is typed into it, who sends it, about what."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Form:
    """A form. Without `fields`, the names of what is typed into it, it is a button or takes a file."""

    rule: str
    fields: str = ""
    """Names of the fields; one named after something of the scene has it in braces: `reason-{scene.objection}`."""
    who: str = "author"
    about: str = ""
    """The thing of the scene that it is about."""
    given: dict | Callable[..., dict] = field(default_factory=dict)
    """The form filled in as it is meant, or a function of the scene and the actor that fills it in."""
    refused: bool = False
    """True if it is refused as it is meant as well: the scene knows no moment for it."""

    def __str__(self) -> str:
        return f"{self.rule} {self.about}".strip()

    def filled_in(self, scene, actor: str) -> dict:
        return self.given(scene, actor) if callable(self.given) else self.given
