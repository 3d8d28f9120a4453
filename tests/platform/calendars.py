"""A strict reader of calendar files (RFC 5545), written from the standard alone."""

import re
from datetime import UTC, date, datetime

PROPERTY = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^:;,\"]+)*):(.*)", re.S)
ONCE = ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL", "SEQUENCE")


def unfolded(data: bytes) -> list[str]:
    """Logical lines; each line as it stands has at most 75 octets."""
    assert data.endswith(b"\r\n") and not {*b"\r\n"} & {*data.replace(b"\r\n", b"")}
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    whole: list[str] = []
    for line in data.decode("utf-8").removesuffix("\r\n").split("\r\n"):
        if line.startswith(" "):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    return whole


def unescaped(text: str) -> str:
    plain = ""
    while text:
        if text[0] == "\\":
            assert text[1] in "\\;,nN"
            plain, text = plain + {"n": "\n", "N": "\n"}.get(text[1], text[1]), text[2:]
        else:
            assert text[0] not in ";,"
            plain, text = plain + text[0], text[1:]
    return plain


def moment(value: str) -> datetime | date:
    if re.fullmatch("[0-9]{8}", value):
        return datetime.strptime(value, "%Y%m%d").date()
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def events(data: bytes) -> list[dict[str, object]]:
    """The entries of a file, each by the names of its properties; `alarm` says whether it reminds."""
    lines, found = unfolded(data), []
    assert lines[0] == "BEGIN:VCALENDAR" and lines[1] == "VERSION:2.0" and lines[-1] == "END:VCALENDAR"
    within: list[str] = []
    for line in lines:
        name, given, value = PROPERTY.fullmatch(line).groups()
        assert all(one.isprintable() for one in line)
        if name == "BEGIN":
            within.append(value)
            if value == "VEVENT":
                found.append({"alarm": False})
            elif value == "VALARM":
                found[-1]["alarm"] = True
        elif name == "END":
            assert within.pop() == value
        elif within == ["VCALENDAR", "VEVENT"]:
            assert name not in found[-1], f"{name} stands twice"
            if name.startswith("DT"):
                found[-1][name] = moment(value)
                assert ("VALUE=DATE" in given) == (type(found[-1][name]) is date)
            else:
                found[-1][name] = value if name == "URL" else unescaped(value)
    assert not within and all(name in one for one in found for name in ONCE)
    assert all(type(one["DTSTART"]) is type(one["DTEND"]) and one["DTSTART"] < one["DTEND"]
               for one in found if "DTEND" in one)
    assert len({one["UID"] for one in found}) == len(found)
    return found
