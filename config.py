"""Every setting of the site, with its meaning and its default.

A setting is read from the variable ``CIVIC_FORUM_<NAME>`` or from the file that
``CIVIC_FORUM_SETTINGS`` names (lines ``NAME=value`` with the same names); the variable
wins. A wrong value stops the start with a sentence that names the setting.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit

PREFIX = "CIVIC_FORUM_"
ROOT = Path(__file__).resolve().parent
OF_PEOPLE = "of-people"
"""In the keys directory of a site that was served without the mark of a sample."""
LEAST_SECRET = 16
YES, NO = ("1", "yes", "true", "on"), ("0", "no", "false", "off", "")
RESIDENTS_OF_THE_SAMPLE = ROOT / "civic_forum" / "sample_data" / "data" / "residents.json"


class SettingError(Exception):
    """A setting is missing or wrong; the sentence names it."""


def _switch(value: str) -> bool:
    if value.lower() not in (*YES, *NO):
        raise ValueError("expected yes or no")
    return value.lower() in YES


def _switch_or_auto(value: str) -> bool | str:
    return value if value == "auto" else _switch(value)


def _count(value: str) -> int:
    number = _number(value)
    if number < 0:
        raise ValueError("expected a number from 0 up")
    return number


def _count_from_1(value: str) -> int:
    number = _number(value)
    if not 1 <= number <= 365:
        raise ValueError("expected a number from 1 to 365")
    return number


def _number(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError("expected a whole number") from None


def _address(*schemes: str, host: bool = True) -> Callable[[str], str]:
    def check(value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in schemes or host and not parts.hostname):
            raise ValueError(f"expected an address that begins with {' or '.join(f'{name}://' for name in schemes)}")
        if host and parts.port == 0:
            raise ValueError("0 is not a port")
        return value

    return check


def _days(value: str) -> tuple[date, ...]:
    try:
        return tuple(date.fromisoformat(day.strip()) for day in value.split(",") if day.strip())
    except ValueError:
        raise ValueError("expected days as 2026-06-02, separated by commas") from None


def _secrets(value: str) -> tuple[str, ...]:
    secrets = tuple(value.split())
    if any(len(secret) < LEAST_SECRET for secret in secrets):
        raise ValueError(f"expected texts of {LEAST_SECRET} characters and more, separated by spaces")
    return secrets


def _recipients(value: str) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(key.strip() for key in value.split(",") if key.strip()))
    if keys:
        from pyrage import RecipientError, x25519  # here: the supervisor stays small without it
        try:
            [x25519.Recipient.from_str(key) for key in keys]
        except RecipientError:  # which is not said again: it may be a private key by mistake
            raise ValueError("expected public keys of age (age1…), separated by commas") from None
    return keys


def _lines(value: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in value.split(";") if line.strip())


def _scanner(value: str) -> str:
    address = _address("unix", "tcp", host=False)(value)
    parts = urlsplit(address)
    if address and not (parts.path if parts.scheme == "unix" else parts.hostname):
        raise ValueError("expected unix:/path/of/the/socket or tcp://host:port")
    return address


def _residents(value: str) -> Mapping[str, object]:
    """Residents of the district, as a file says; empty without one."""
    from civic_forum.district import rules  # here: most commands have none
    try:
        return rules.residents(Path(value).read_bytes()) if value else {}
    except OSError:
        raise ValueError(f"cannot read {value}") from None


def _providers(value: str) -> tuple[object, ...]:
    """Providers of identities, as a file says; none without one."""
    from civic_forum.accounts.providers import rules  # here: most commands have none
    return rules.read(value) if value else ()


def _site(value: str) -> str:
    return _address("http", "https")(value).rstrip("/")


def _one_of(*allowed: str) -> Callable[[str], str]:
    def choose(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"expected one of {', '.join(allowed)}")
        return value

    return choose


@dataclass(frozen=True)
class Setting:
    name: str
    default: object
    parse: Callable[[str], object]
    meaning: str


SETTINGS = (
    Setting("DATA", str(ROOT / "instance"), str, "Directory of the database, the uploads and unsent mail."),
    Setting("KEYS", "", str, "Directory of secret keys, outside the data directory. Default: <data>-keys."),
    Setting("BACKUPS", "", str, "Directory for backups that a page asks for, on another disk if possible. Default: "
            "<data>-backups."),
    Setting("BACKUP_RECIPIENTS", (), _recipients, "Public keys of age (age1…), separated by commas: backups are "
            "encrypted, and each of their private keys opens them. Empty: backups are plain."),
    Setting("DATABASE_URL", "", _address("sqlite", "postgresql", "postgres", "postgresql+psycopg", host=False),
            "SQLAlchemy address of the database. Default: the SQLite file civic_forum.db in the data directory."),
    Setting("REDIS_URL", "", _address("redis", "rediss"), "Redis for rate limits and live forums. Empty: memory."),
    Setting("SECRET_KEY", "", str.strip, "Signs cookies and links. Required unless the data directory is marked as a "
            "sample, or `bin/cluster` has kept one beside the keys."),
    Setting("SECRET_KEY_FALLBACKS", (), _secrets, "Earlier values of SECRET_KEY, separated by spaces, for a site "
            "that changes it here: what they signed is still read. Leave one in for SESSION_DAYS. `keys rotate "
            "session` needs none of this. One with spaces cannot be named here."),
    Setting("URL", "http://localhost:8000", _site, "Public address of the site, used in mail."),
    Setting("COOKIE_SECURE", "auto", _switch_or_auto, "Send cookies over https only. auto: where URL begins with "
            "https."),
    Setting("PROXY_HOPS", 0, _count, "How many reverse proxies stand before the site and set X-Forwarded-*; 1 and "
            "more where URL is https."),
    Setting("HSTS_SUBDOMAINS", False, _switch, "Tell browsers that all subdomains of the address are reached by "
            "https only."),
    Setting("SMTP_URL", "", _address("smtp", "smtps"), "smtp://[user:password@]host:port, or smtps://. Empty: mail "
            "becomes .eml files."),
    Setting("SMS_URL", "", _address("http", "https"), "Gateway for short messages: gets a POST with JSON id, to, "
            "text; 2xx is taken, 400, 404, 410 and 422 say no. Empty: they become files."),
    Setting("CLAMD", "", _scanner, "Virus scanner for uploaded files: unix:/run/clamav/clamd.ctl or tcp://host:3310; "
            "while it does not answer, no file is taken. Empty: none."),
    Setting("MAIL_FROM", "no-reply@localhost", str, "Sender of the site's mail."),
    Setting("CLOCK_OFFSET_S", 0, _number, "Seconds added to the clock; only on a data directory marked as a sample."),
    Setting("SITE_NAME", "금천1번가", str, "Name of the platform on every page."),
    Setting("SITE_NAME_EN", "Geumcheon 1st Street", str, "The same in English; without it the Korean name."),
    Setting("SITE_NAME_ZH", "衿川1号街", str, "The same in Chinese; without it the Korean name."),
    Setting("DISTRICT_NAME", "금천구", str, "The district itself."),
    Setting("DISTRICT_NAME_EN", "Geumcheon-gu", str, "The same in English; without it the Korean name."),
    Setting("DISTRICT_NAME_ZH", "衿川区", str, "The same in Chinese; without it the Korean name."),
    Setting("OFFICE_NAME", "금천구청", str, "The district office that answers."),
    Setting("OFFICE_NAME_EN", "Geumcheon-gu Office", str, "The same in English; without it the Korean name."),
    Setting("OFFICE_NAME_ZH", "衿川区厅", str, "The same in Chinese; without it the Korean name."),
    Setting("CONTACT_PHONE", "02-000-0000", str, "Telephone for help, in the footer."),
    Setting("CONTACT_EMAIL", "help@example.org", str, "E-mail for help, accessibility and faults, in the footer. "
            "Where URL is https the site does not start with the default."),
    Setting("PRIVACY_OFFICER", "", str, "Who is responsible for personal data: post or name, telephone, e-mail."),
    Setting("PRIVACY_DESK", "", str, "Department that takes requests to read, correct or delete personal data."),
    Setting("PROCESSORS", (), _lines, "Companies that process personal data for the office, each with its work, "
            "separated by semicolons: carriers of mail and short messages, for instance."),
    Setting("OFFICIAL_BANNER", False, _switch, "Show the banner of official government sites. Only for a site of the "
            "government."),
    Setting("SUPPORT_THRESHOLD", 20, _count, "Supports after which the office owes an answer."),
    Setting("SUPPORT_DAYS", 20, _count, "Days within which the threshold must be reached."),
    Setting("TITLE_LOCK_SUPPORTS", 10, _count, "Supports after which the title of a proposal stays as it is."),
    Setting("ANSWER_DAYS", 30, _count_from_1, "Days within which the office answers what reached the threshold."),
    Setting("ANSWER_WORKING_DAYS", False, _switch, "Count working days alone; a change touches new duties only."),
    Setting("ANSWERS_NEED_APPROVAL", True, _switch, "A second official of the department approves an answer before "
            "everybody can read it."),
    Setting("HOLIDAYS", (), _days, "Days on which the office is closed besides the public holidays: "
            "2026-06-02,2026-10-08."),
    Setting("RESIDENTS", "", _residents, "JSON file of who lives here, beside which figures are shown: source, "
            "source_en, and numbers of people as neighbourhoods (by their Korean names) and ages (14-18, 19-39, "
            "40-64, 65+). Empty: nothing is compared; on a data directory marked as a sample, an invented one."),
    Setting("PROVIDERS", (), _providers, "TOML file of providers of identities (OpenID Connect), by which people are "
            "verified or sign in: one table [providers.KEY] each, as docs/running.md shows. Empty: none; `bin/run` "
            "starts an example for a sample."),
    Setting("HOLD_PROPOSALS", False, _switch, "Hold every new proposal until a moderator has checked it."),
    Setting("WHO_MAY_PROPOSE", "users", _one_of("users", "residents"), "users: everybody with an account; residents: "
            "only those verified or who work or study here."),
    Setting("STAFF_TOTP", "auto", _one_of("auto", "required", "optional"), "Second factor for staff roles: the code "
            "of an app or a passkey; what decides a vote is confirmed by a passkey wherever URL is a name with "
            "https. auto: required unless the data directory is a sample."),
    Setting("SESSION_DAYS", 30, _count, "Days after which a sign-in ends by itself."),
    Setting("STAFF_SESSION_HOURS", 12, _count_from_1, "The same in hours for everybody who has a role."),
    Setting("STAFF_IDLE_MINUTES", 60, _count_from_1, "Minutes without use after which the sign-in of who has a role "
            "ends."),
    Setting("LIMIT_ADDRESS", 240, _count, "Sign-ins, sign-ups, posts or searches a minute and address (a library is "
            "one address)."),
    Setting("LIMIT_PAGES_ADDRESS", 6000, _count, "Pages a minute and address that one process gives (a hall is one "
            "address). 0: any number."),
    Setting("LIMIT_DOWNLOADS", 20, _count_from_1, "Tables and files of one kind a minute and address."),
    Setting("LIMIT_SIGN_IN_NAME", 10, _count, "Failed sign-ins within five minutes for one sign-in name."),
    Setting("LIMIT_FAILURES_ADDRESS", 30, _count, "Failed sign-ins within five minutes for one address, not counting "
            "devices that know the account."),
    Setting("LIMIT_POSTS_USER", 30, _count, "Proposals and comments a minute for one user."),
    Setting("LIMIT_UPLOAD_MEGAPIXELS", 400, _count, "Megapixels of pictures an hour for one user; a quarter without "
            "a confirmed e-mail address."),
    Setting("LIMIT_UPLOAD_MEGABYTES", 200, _count, "The same in megabytes of files."),
    Setting("LIMIT_UPLOAD_SECONDS", 120, _count, "The same in seconds of a processor that reading the files took."),
    Setting("LIMIT_TAKEDOWNS", 20, _count_from_1, "Requests to take a text down an hour and address; whoever asks "
            "needs no account."),
    Setting("LIMIT_DEVICES", 60, _count, "Browsers without an account that begin to answer a consultation, an hour "
            "and address."),
    Setting("FORUM_SOCKETS", 1500, _count, "Open sockets of live forums in one worker; fewer than the connections it "
            "takes, so that pages are served."),
    Setting("FORUM_SOCKETS_ADDRESS", 1250, _count, "The same of one address (a hall is one address). Of both a fifth "
            "is kept for people who are signed in."),
    Setting("LIMIT_REPORTS_USER", 30, _count_from_1, "Reports an hour for one user."),
    Setting("RETAIN_DESK_CHECKS_DAYS", 730, _count, "Days a desk check (who was verified, what was seen) is kept."),
    Setting("RETAIN_ACCESS_LOG_DAYS", 730, _count, "Days the log of staff looking people up is kept."),
    Setting("RETAIN_MAIL_DAYS", 90, _count, "Days a sent mail is kept in the outbox."),
    Setting("RETAIN_DRAFTS_DAYS", 180, _count, "Days an untouched draft is kept."),
    Setting("RETAIN_NOTICES_DAYS", 365, _count, "Days a notice is kept for the one who was told."),
    Setting("RETAIN_LETTERS_DAYS", 60, _count, "Days a letter's address and unused code are kept."),
    Setting("RETAIN_TAKEDOWN_CONTACTS_DAYS", 180, _count, "Days the contact of who asked for a text to be taken down "
            "is kept after the decision."),
    Setting("RETAIN_FORMAL_CONTACTS_DAYS", 90, _count, "Days the real name and contact of a formal proposal are kept "
            "after nobody has to answer it any more."),
    Setting("RETAIN_FORUM_NEEDS_DAYS", 30, _count, "Days after a forum that what people said they need there, their "
            "age group and neighbourhood are kept."),
    Setting("RETAIN_ROLLS_DAYS", 365, _count, "Days after publication that electoral rolls and who took part are "
            "kept, as hashes; after the close also marks of those who answered a consultation."),
    Setting("LEAST_ELECTORATE", 10, _count, "Entries that a roll has at least for a vote to open; rehearsals need "
            "none."),
    Setting("LEAST_OFFICERS", 3, _count, "Officers that a vote has at least; below 3 only on a data directory marked "
            "as a sample."),
)
TRANSLATED = ("SITE_NAME", "DISTRICT_NAME", "OFFICE_NAME")
"""Names that may stand in every other language too: SITE_NAME_ZH."""
BY_NAME = {setting.name: setting for setting in SETTINGS}


def load(environ: Mapping[str, str] | None = None, **given: object) -> dict[str, object]:
    """All settings with their values; `given` (typed, by name) wins over everything.

    Raises SettingError for an unknown name, a wrong value or a missing secret key.
    """
    environ = os.environ if environ is None else environ
    raw = _from_file(environ.get(PREFIX + "SETTINGS"))
    raw |= {name[len(PREFIX):]: value for name, value in environ.items()
            if name.startswith(PREFIX) and name != PREFIX + "SETTINGS"}
    values: dict[str, object] = {setting.name: setting.default for setting in SETTINGS}
    for name, text in raw.items():
        if name not in BY_NAME and not _is_translation(name):
            raise SettingError(f"{PREFIX}{name} is not a setting of this site; config.py lists them all.")
        try:
            values[name] = BY_NAME[name].parse(text) if name in BY_NAME else text
        except ValueError as wrong:
            raise SettingError(f"{PREFIX}{name} is wrong: {wrong}.") from wrong
    values |= given | {"GIVEN": frozenset(raw)}
    return _complete(values)


def _is_translation(name: str) -> bool:
    """A name of the district in one of the other languages of the site: SITE_NAME_ZH."""
    from civic_forum.platform.i18n import OTHERS  # here: most sites have none

    of, _underscore, code = name.rpartition("_")
    return of in TRANSLATED and code.lower() in OTHERS


def _from_file(path: str | None) -> dict[str, str]:
    if not path:
        return {}
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError as missing:
        raise SettingError(f"{PREFIX}SETTINGS: cannot read {path}.") from missing
    texts = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise SettingError(f"{path}, line {number}: expected NAME=value.")
        texts[name.strip().removeprefix(PREFIX)] = value.strip()
    return texts


def _complete(values: dict[str, object]) -> dict[str, object]:
    data = Path(str(values["DATA"])).absolute()
    keys = Path(str(values["KEYS"]) or f"{data}-keys").absolute()
    if data.resolve() in (keys.resolve(), *keys.resolve().parents):
        raise SettingError(f"{PREFIX}KEYS must lie outside the data directory.")
    backups = Path(str(values["BACKUPS"]) or f"{data}-backups").absolute()
    values |= {"DATA": str(data), "KEYS": str(keys), "BACKUPS": str(backups), "SAMPLE": is_sample(data)}
    if values["SAMPLE"] and (keys / OF_PEOPLE).exists():
        raise SettingError(f"{data / 'SAMPLE'} is refused: {keys} has the keys of a site of people, whose rules no "
                           "file in the data directory turns off. Delete it; a sample district needs keys of its own.")
    values["DATABASE_URL"] = values["DATABASE_URL"] or f"sqlite:///{data / 'civic_forum.db'}"
    _check_https(values)
    for name, is_asked in {"CLOCK_OFFSET_S": values["CLOCK_OFFSET_S"],
                           "LEAST_OFFICERS": values["LEAST_OFFICERS"] < 3}.items():
        if is_asked and not values["SAMPLE"]:
            raise SettingError(f"{PREFIX}{name} is refused: this data directory is not marked as a sample.")
    for name in TRANSLATED:
        if values[name] != BY_NAME[name].default:
            values |= {other: values[name] for other in (f"{name}_EN", f"{name}_ZH") if values[other] == BY_NAME[
                other].default}
    values["RESIDENTS"] = values["RESIDENTS"] or _residents(str(RESIDENTS_OF_THE_SAMPLE) if values["SAMPLE"] else "")
    if values["PROVIDERS"] and not values["SAMPLE"]:
        _check_providers(values["PROVIDERS"])
    values["SECRET_KEY"] = values["SECRET_KEY"] or kept_secret(keys)
    if not (values["SECRET_KEY"] or values["SAMPLE"]):
        raise SettingError(f"{PREFIX}SECRET_KEY is missing: set it to a long random text and keep it.")
    values["SECRET_KEY"] = values["SECRET_KEY"] or _sample_secret(data)
    if len(str(values["SECRET_KEY"])) < LEAST_SECRET and not values["SAMPLE"]:
        raise SettingError(f"{PREFIX}SECRET_KEY is too short: {LEAST_SECRET} characters and more.")
    return values


def _check_https(values: dict[str, object]) -> None:
    """Say whether cookies are for https alone. Raises SettingError for a site behind TLS that would not notice it, or
    that nobody can write to."""
    https = str(values["URL"]).startswith("https://")
    if values["COOKIE_SECURE"] == "auto":
        values["COOKIE_SECURE"] = https
    if https and not values["COOKIE_SECURE"]:
        raise SettingError(f"{PREFIX}COOKIE_SECURE is refused: the address of the site ({PREFIX}URL) is https, and "
                           "cookies without Secure can be read on the way. Leave it out.")
    if https and not values["PROXY_HOPS"]:
        raise SettingError(f"{PREFIX}PROXY_HOPS is missing: the address of the site ({PREFIX}URL) is https, so a "
                           "server that ends TLS stands before it. Say how many such servers there are, mostly 1; "
                           "without it everybody has the address of that server, and its limits.")
    if https and values["CONTACT_EMAIL"] == BY_NAME["CONTACT_EMAIL"].default:
        raise SettingError(f"{PREFIX}CONTACT_EMAIL is missing: the address of the site ({PREFIX}URL) is https, so "
                           "people use it, and the address that it names for help and for faults leads nowhere.")


def _check_providers(providers: object) -> None:
    from civic_forum.accounts.providers import rules
    if open_one := rules.without_tls(providers):  # type: ignore[arg-type]
        raise SettingError(f"{PREFIX}PROVIDERS is refused: the issuer of {open_one.key} is reached without https, "
                           "which only a data directory marked as a sample may do.")


def is_sample(data: Path) -> bool:
    """Whether the data directory was marked as sample or test data by what made it."""
    return (Path(data) / "SAMPLE").exists()


def mark_as_sample(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    (data / "SAMPLE").touch()


def mark_as_of_people(values: Mapping[str, object]) -> None:
    """Before a site is served: unless it is a sample, its keys are never those of one."""
    if not values["SAMPLE"]:
        keys = Path(str(values["KEYS"]))
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        (keys / OF_PEOPLE).touch(mode=0o600)


def _sample_secret(data: Path) -> str:
    path = data / "sample-secret-key"
    if not path.exists():
        unfinished = _unfinished(path, token_urlsafe(32))
        with suppress(FileExistsError):  # of several makers the first wins
            os.link(unfinished, path)
        unfinished.unlink()
    return path.read_text().strip()


def kept_secret(keys: Path, new: str = "") -> str:
    """The value of SECRET_KEY that `bin/cluster` was started with, for its commands; a new one is kept."""
    path = keys / "secret-key"
    kept = path.read_text().strip() if path.exists() else ""
    if new and new != kept:
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        _unfinished(path, new).rename(path)
    return new or kept


def _unfinished(path: Path, text: str) -> Path:
    """A file of its own beside this one, to take its place at once, so that nobody reads a half of it."""
    unfinished = path.with_name(f"{path.name}.{token_urlsafe(8)}")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    return unfinished
