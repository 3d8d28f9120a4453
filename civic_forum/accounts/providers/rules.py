"""Providers as a file of settings describes them, and claims as they are read. Pure."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from civic_forum.platform import folding
from civic_forum.platform.plain_text import clean

KEY = re.compile(r"[a-z][a-z0-9-]{0,29}")
NAME_MOST = 60
"""Characters of a name that is taken over, as at the desk."""
TEXT_MOST = 400
"""Characters of any other claim that is looked at."""
_NAME = re.compile(r"[^\W\d_]([^\W\d_]|[.\-'’·])*")
"""Letters without their marks, as a register has them: nothing masked (홍*동), no second spelling in brackets."""
PROTOCOL = frozenset({"iss", "sub", "aud", "azp", "exp", "iat", "nbf", "jti", "nonce", "acr", "amr", "auth_time", "sid",
                      "at_hash", "c_hash", "s_hash", "_claim_names", "_claim_sources"})
"""Claims that say how somebody was recognized, and none that say who. (OpenID Connect Core 1.0, 2)"""
SKEW_S = 60
"""By how much the clock of a provider may differ from ours."""


class Purpose(StrEnum):
    """Use of a provider that the settings allow."""

    RESIDENT = "resident"
    SIGN_IN = "sign-in"
    STAFF = "staff"


class Wanted(StrEnum):
    """Errand with which somebody is sent to a provider."""

    RESIDENT = "resident"
    """To be verified as living here."""
    SIGN_IN = "sign-in"
    LINK = "link"
    """To sign in by it from now on."""
    PROVE = "prove"
    """To show once more who is at the device."""
    ONCE = "once"
    """To take part without an account."""


_SERVES = {Wanted.RESIDENT: frozenset({Purpose.RESIDENT}), Wanted.ONCE: frozenset({Purpose.RESIDENT})}
_OPENS = frozenset({Purpose.SIGN_IN, Purpose.STAFF})


@dataclass(frozen=True)
class Claims:
    """Names of claims, with dots between those of a claim inside another."""

    name: str = "name"
    birth_date: str = "birthdate"
    neighbourhood: str = ""
    address: str = ""

    def of_the_person(self) -> frozenset[str]:
        """Names of the outermost claims."""
        return frozenset(path.split(".")[0] for path in astuple(self) if path)


@dataclass(frozen=True)
class Provider:
    key: str
    label: str
    labels: Mapping[str, str]
    """Code of another language → its name in it."""
    issuer: str
    client_id: str
    purposes: frozenset[Purpose]
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid", "profile")
    claims: Claims = Claims()
    neighbourhoods: Mapping[str, str] = field(default_factory=dict)
    """Value of the claim → Korean name of the neighbourhood; empty where the value is that name itself."""
    level: tuple[str, ...] = ()
    """Levels of assurance (acr) that are enough; empty: any."""
    second_factor: tuple[str, ...] = ()
    """Levels (acr) that hold a second factor."""
    hosts: frozenset[str] = frozenset()
    """Hosts besides that of the issuer on which its addresses may lie."""
    example: bool = False
    always_asks: bool = False
    """It keeps no sign-in between visits, and says no moment of one (auth_time)."""

    def name(self, language: str) -> str:
        return self.labels.get(language) or self.label

    def serves(self, wanted: Wanted) -> bool:
        return bool(self.purposes & _SERVES.get(wanted, _OPENS))

    def owns(self, url: str) -> bool:
        """True for an address of this provider: with TLS, unless the issuer itself has none."""
        try:
            parts, issuer = urlsplit(url), urlsplit(self.issuer)
            own = parts.hostname in self.hosts or (parts.hostname, parts.port) == (issuer.hostname, issuer.port)
        except ValueError:
            return False
        return own and parts.scheme in ("https", issuer.scheme) and "@" not in parts.netloc


class BadProviders(ValueError):
    """The file of providers is wrong; the sentence says where."""


def read(path: str) -> tuple[Provider, ...]:
    """Providers of a TOML file, in its order. Raises BadProviders."""
    try:
        settings = tomllib.loads(Path(path).read_text("utf-8"))
    except OSError:
        raise BadProviders(f"cannot read {path}") from None
    except ValueError as wrong:
        raise BadProviders(f"{path} is no TOML in UTF-8 ({wrong})") from None
    return parsed(settings, Path(path).parent)


def parsed(settings: Mapping[str, Any], folder: Path) -> tuple[Provider, ...]:
    """Providers of what a file says; files that it names lie in `folder`. Raises BadProviders."""
    tables = settings.get("providers")
    if set(settings) != {"providers"} or not isinstance(tables, dict) or not tables:
        raise BadProviders("expected one table [providers.KEY] for each provider, and nothing else")
    return tuple(_provider(key, table, folder) for key, table in tables.items())


Wrong = Callable[[str], BadProviders]
_TEXTS = ("label", "issuer", "client_id")
_LABEL = "label_"
"""Before the code of another language."""
_FLAGS = ("example", "always_asks")
_LISTS = ("purposes", "scopes", "level", "second_factor", "hosts")
_OTHERS = ("client_secret", "client_secret_file", "claims", "neighbourhoods", *_FLAGS)


def _labels(table: Mapping[str, Any], wrong: Wrong) -> dict[str, str]:
    labels = {name.removeprefix(_LABEL): label for name, label in table.items() if name.startswith(_LABEL)}
    if not all(isinstance(label, str) and label.strip() for label in labels.values()):
        raise wrong("a label in another language is a text")
    return {code: label.strip() for code, label in labels.items()}


def _provider(key: str, table: Any, folder: Path) -> Provider:
    def wrong(sentence: str) -> BadProviders:
        return BadProviders(f"[providers.{key}]: {sentence}")

    if not KEY.fullmatch(key):
        raise wrong("a key has up to 30 small letters, digits and hyphens")
    if not isinstance(table, dict):
        raise wrong("expected a table")
    if unknown := {name for name in table if not name.startswith(_LABEL)} - {*_TEXTS, *_LISTS, *_OTHERS}:
        raise wrong(f"{min(unknown)} is not known here")
    for name in _TEXTS:
        if not isinstance(table.get(name), str) or not table[name].strip():
            raise wrong(f"{name} is missing")
    for name in _LISTS:
        if not _is_list_of_texts(table.get(name, [])):
            raise wrong(f"{name} is a list of texts")
    for name in _FLAGS:
        if not isinstance(table.get(name, False), bool):
            raise wrong(f"{name} is true or false")
    try:
        purposes = frozenset(Purpose(purpose) for purpose in table.get("purposes", ()))
    except ValueError:
        purposes = frozenset()
    if not purposes:
        raise wrong(f"purposes are some of {', '.join(Purpose)}")
    if not _is_issuer(table["issuer"]):
        raise wrong("issuer is an address that begins with https://, without anything behind a ? or #")
    claims = _claims(table.get("claims", {}), purposes, wrong)
    places = table.get("neighbourhoods", {})
    if not isinstance(places, dict) or not all(isinstance(name, str) and name for name in places.values()):
        raise wrong("neighbourhoods is a table of what the claim says = \"name of the neighbourhood\"")
    scopes = tuple(table.get("scopes", Provider.scopes))
    if "openid" not in scopes:
        raise wrong("scopes lack openid")
    return Provider(
        key, **{name: table[name].strip() for name in _TEXTS}, purposes=purposes, scopes=scopes, claims=claims,
        labels=_labels(table, wrong),
        client_secret=_secret(table, folder, wrong), neighbourhoods=places, level=tuple(table.get("level", ())),
        second_factor=tuple(table.get("second_factor", ())), hosts=frozenset(table.get("hosts", ())),
        **{name: table.get(name, False) for name in _FLAGS})


def _is_list_of_texts(texts: Any) -> bool:
    return isinstance(texts, list) and all(isinstance(text, str) and text.strip() for text in texts)


def _is_issuer(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
                    and not parts.query and not parts.fragment and "@" not in parts.netloc)
    except ValueError:
        return False


def _claims(table: Any, purposes: frozenset[Purpose], wrong: Wrong) -> Claims:
    known = Claims.__dataclass_fields__
    if not isinstance(table, dict) or not table.keys() <= known.keys() or not all(
            isinstance(name, str) and name for name in table.values()):
        raise wrong(f"claims is a table of {', '.join(known)}, each with the name of a claim")
    if Purpose.RESIDENT in purposes and not table.keys() & {"neighbourhood", "address"}:
        raise wrong("claims names neither neighbourhood nor address, which tell who lives here")
    claims = Claims(**table)
    if protocol := claims.of_the_person() & PROTOCOL:
        raise wrong(f"claims names {min(protocol)}, which says nothing about the person")
    return claims


def _secret(table: Mapping[str, Any], folder: Path, wrong: Wrong) -> str:
    names = [name for name in ("client_secret", "client_secret_file") if name in table]
    if len(names) > 1 or not all(isinstance(table[name], str) and table[name] for name in names):
        raise wrong("client_secret is a text, or client_secret_file the file that holds it")
    if names == ["client_secret_file"]:
        try:
            return str((folder / table["client_secret_file"]).read_text("utf-8")).strip()
        except (OSError, ValueError):
            raise wrong(f"cannot read {table['client_secret_file']}") from None
    return str(table.get("client_secret", ""))


def without_tls(providers: Iterable[Provider]) -> Provider | None:
    """One whose issuer is reached without TLS: good for a sample alone."""
    return next((provider for provider in providers if not provider.issuer.startswith("https://")), None)


class Lack(StrEnum):
    """Reason for which claims verify nobody here."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    PLACE = "place"
    """Nothing says in which neighbourhood."""
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Resident:
    """Somebody as a provider has verified them."""

    name: str
    birth_date: date
    neighbourhood: str
    """Korean name of one of the district's."""


def resident(provider: Provider, claims: Mapping[str, Any], names: Iterable[str], district: str) -> Resident | Lack:
    """The person that verified claims speak of, or what is lacking. `names`: of the neighbourhoods of the district,
    which is called `district`."""
    name = clean(_text(claims, provider.claims.name, NAME_MOST))
    if not _NAME.fullmatch(folding.fewer_marks(folding.folded(name), 0)):
        return Lack.NAME
    born = birth_date(_text(claims, provider.claims.birth_date, TEXT_MOST))
    if born is None:
        return Lack.BIRTH_DATE
    place = _place(provider, claims, tuple(names), district)
    return place if isinstance(place, Lack) else Resident(name, born, place)


def is_level(provider: Provider, claims: Mapping[str, Any]) -> bool:
    return not provider.level or claims.get("acr") in provider.level


def holds_second_factor(provider: Provider, claims: Mapping[str, Any]) -> bool:
    return claims.get("acr") in provider.second_factor


def birth_date(text: str) -> date | None:
    """`1949-03-01` or `19490301`; None for anything else, a date without its year (0000) among them."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _text(claims: Mapping[str, Any], path: str, most: int) -> str:
    claim: Any = claims
    for step in path.split("."):
        claim = claim.get(step) if isinstance(claim, Mapping) else None
    if isinstance(claim, Mapping):  # an address, as OpenID Connect has it in parts
        parts = (claim.get(part) for part in ("formatted", "region", "locality", "street_address"))
        claim = " ".join(part for part in parts if isinstance(part, str))
    if isinstance(claim, int) and not isinstance(claim, bool):
        claim = str(claim)
    text = " ".join(claim.split()) if isinstance(claim, str) else ""
    return text if len(text) <= most and text.isprintable() else ""


def _place(provider: Provider, claims: Mapping[str, Any], names: tuple[str, ...], district: str) -> str | Lack:
    known = {name: name for name in names} | {
        claim: name for claim, name in provider.neighbourhoods.items() if name in names}
    claimed = _text(claims, provider.claims.neighbourhood, TEXT_MOST) if provider.claims.neighbourhood else ""
    if claimed:
        return known.get(claimed, Lack.ELSEWHERE)
    words = re.findall(
        r"[^\s(),]+", _text(claims, provider.claims.address, TEXT_MOST)) if provider.claims.address else []
    if not words:
        return Lack.PLACE
    if district not in words:
        return Lack.ELSEWHERE
    places = {known[word] for word in words if word in known}
    return places.pop() if len(places) == 1 else Lack.PLACE
