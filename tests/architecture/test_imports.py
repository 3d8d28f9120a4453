"""Import contracts: those of `importlinter.ini`, and for every feature that nobody else uses its edges."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "civic_forum"
NO_FEATURES = frozenset(("blocks", "cluster", "platform", "sample_data", "translations"))
OWN = ("services", "views", "forms")
"""Modules that nobody else imports, beside `cli` and `reactions`, which are at the top anyway."""
LEVELS = ("views", "forms", "services", "operations", "queries", "policy", "models", "labels", "rules")
"""Names of modules from the highest to the lowest."""
ALLOWED = {
    "accounts.services": ("desk",), "accounts.forms": ("desk",), "accounts.invitations.services": ("desk",),
    "ballots.officials.services": ("budgets", "polls"),
    "ballots.rolls.services": ("budgets", "polls"), "ballots.voting.services": ("budgets", "polls"),
    "attachments.services": ("calls", "commitments", "forums", "intake", "meetings", "opinions", "outcomes", "plans",
                             "polls", "proposals"),
}
"""Module → features that may use it: the desk's counters are pages of accounts, and the pages and commands of a vote
cast, close and look after the roll by the services of its box. Files are read before a transaction begins."""


def features() -> list[str]:
    """The folders that are features: whoever adds one need not name it here."""
    folders = (one.name for one in PACKAGE.iterdir() if (one / "__init__.py").is_file())
    return sorted(name for name in folders if name not in NO_FEATURES)


def own_modules(feature: str) -> Iterator[str]:
    """Its services, views and forms, those of its subjects included."""
    folder = PACKAGE / feature
    for place in (folder, *sorted(one for one in folder.iterdir() if one.is_dir())):
        for name in OWN:
            if (place / f"{name}.py").is_file() or (place / name / "__init__.py").is_file():
                yield ".".join(("civic_forum", *place.relative_to(PACKAGE).parts, name))


def _listed(**lines: list[str]) -> str:
    return "".join(f"{name} =\n" + "".join(f"    {one}\n" for one in found) for name, found in lines.items() if found)


def contract(feature: str) -> str:
    """No other feature imports them."""
    others = [f"civic_forum.{one}" for one in features() if one != feature]
    ignored = [f"civic_forum.{user}.** -> civic_forum.{module}{below}" for module, users in ALLOWED.items()
               if module.startswith(f"{feature}.") for user in users for below in ("", ".**")]
    said = _listed(source_modules=others, forbidden_modules=list(own_modules(feature)), ignore_imports=ignored)
    return (f"[importlinter:contract:own-{feature}]\nname = Services, views and forms of {feature} are its own\n"
            f"type = forbidden\n{said}allow_indirect_imports = True\nunmatched_ignore_imports_alerting = none\n")


def subjects(feature: str) -> list[Path]:
    """The folders of a feature that is cut by subject."""
    folders = (one for one in sorted((PACKAGE / feature).iterdir()) if one.is_dir() and one.name not in LEVELS)
    return [one for one in folders if any((one / f"{name}.py").is_file() for name in LEVELS)]


def downwards(feature: str) -> Iterator[str]:
    """Across the subjects of a feature: no queries know services, whichever subject they are of."""
    places = (PACKAGE / feature, *subjects(feature))
    levels = [[".".join(("civic_forum", *place.relative_to(PACKAGE).parts, name)) for place in places
               if (place / f"{name}.py").is_file()] for name in LEVELS]
    for at, name in enumerate(LEVELS):
        above = [one for level in levels[:at] for one in level]
        if above and levels[at]:
            yield (f"[importlinter:contract:{feature}-{name}]\nname = In {feature}, {name} know nothing above them\n"
                   f"type = forbidden\nallow_indirect_imports = True\n" + _listed(source_modules=levels[at],
                                                                                forbidden_modules=above))


def contracts() -> str:
    """All contracts."""
    written = (HERE / "importlinter.ini").read_text("utf-8")
    written = written.replace("{features}", "\n    ".join(f"civic_forum.{one}" for one in features()))
    return "\n".join((written, *(contract(one) for one in features() if list(own_modules(one))),
                      *(said for one in features() if subjects(one) for said in downwards(one))))


def test_every_import_contract_is_kept(tmp_path):
    """In a process of its own: the linter sets logging up anew and silences every logger that is there."""
    file = tmp_path / "importlinter.ini"
    file.write_text(contracts(), "utf-8")
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--config", file, "--no-cache"], capture_output=True, text=True, cwd=PACKAGE.parent)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_feature_is_held_without_being_named():
    assert "forums" in features() and "civic_forum.forums.floor.services" in list(own_modules("forums"))
