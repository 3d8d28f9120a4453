"""Everything that an answer says: its headers, its text, of a workbook that of all its parts."""

from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile


def text_of(answer) -> str:
    content = answer.data
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as parts:
            content = b"\n".join(map(parts.read, parts.namelist()))
    headers = "\n".join(value for _name, value in answer.headers)
    return unquote(headers + content.decode("utf-8", "ignore"))
