"""Names as people type them and as they print, and real names whose hashes stay as they are."""

import unicodedata
from pathlib import Path

REAL = [line.split(" ", 1) for line in Path(__file__).with_name("real_names.txt").read_text("utf-8").splitlines()]
"""Beginning of the SHA-256 of what was hashed before names were folded, with 2 April 1985, and the name."""
NOTHING = ("\ufe0f\u034f\u3164\u1160\u115f\uffa0\u17b4\u17b5\u00ad\u200b\u180e"
           "\u180b\u180f\u200c\u200d\u2060\u2061\u2064\ufeff"
           "\u061c\u200e\u202e\u2066\u206a\ufff0\u2800\u3000\U000e0100\U000e0041\U0001bca0\U0001d173\U0001d159")
"""One by one between two letters."""
PRINTED = [(f"김{character}하늘", "김하늘") for character in NOTHING] + [(typed, printed) for typed, printed in (
    (unicodedata.normalize("NFD", "김하늘"), "김하늘"),
    ("\u1100\u034f\u1175\u11b7하늘", "김하늘"),
    ("김\u302e하늘", "김하늘"),
    ("김\u0301하늘", "김하늘"),
    ("김\u20dd하늘", "김하늘"),
    ("김하늘\ufe0f\u034f\u3164", "김하늘"),
    ("\u3164김하늘", "김하늘"),
    ("\uf90a哲洙", "金哲洙"),
    ("⾦哲洙", "金哲洙"),
    ("金\U000e0100哲\ufe00洙", "金哲洙"),
    ("ﾤￂﾱ", unicodedata.normalize("NFKC", "ﾤￂﾱ")),
    ("ＪＯＨＮ　ＳＭＩＴＨ", "John Smith"),
    ("𝐉ohn 𝕊mith", "John Smith"),
    ("Jоhn Smith", "John Smith"),
    ("JΟHN SMITH", "John Smith"),
    ("John Ѕmіth", "John Smith"),
    ("JOHN ЅМІТН", "John Smith"),
    ("Steﬁ \u212aim", "Stefi Kim"),
    ("NGUYỄN\ufe0f THỊ ÁNH", "Nguyễn Thị Ánh"),
    ("Nguye\u034f\u0302\u0303n Thị Ánh", "Nguyễn Thị Ánh"),
    ("Nguyễn\u0488 Thị Ánh", "Nguyễn Thị Ánh"),
    ("José\u17b4", "José"),
    ("Jose\u034f\u0301", "José"),
    ("Иван\u0489 Петров\ufe0f", "Иван Петров"),
    ("Νίκος\u180d", "Νίκος"),
    ("राजेश\ufe0f\u200d", "राजेश"),
    ("สมชาย\u034f ใจดี\u0948", "สมชาย ใจดี"),
    ("محمد\u061c\ufe0f", "محمد"),
    ("ｶﾞﾌﾞﾘｴﾙ", "ガブリエル"),
    ("ガ\u180eブリ\u3164エル", "ガブリエル"),
    ("A1ice J0hnson", "Alice Johnson"),
    ("Jօhn Տmith", "John Smith"),
    ("ꓙꓳꓧꓠ ꓢꓟꓲꓔꓧ", "John Smith"),
    ("Ꭻohn ꮪmith", "John Smith"),
    ("ᎫoᎻn SᎷᎥᎢᎻ", "John Smith"),
    ("So\u0338ren Kierkegård", "Søren Kierkegård"),
    ("SO\u0337REN KIERKEGÅRD", "Søren Kierkegård"),
    ("D\u0335inh Thị Lan", "Đinh Thị Lan"),
    ("Pawel\u0338 Nowak", "Paweł Nowak"),
    ("PAWEL\u0335 NOWAK", "Paweł Nowak"),
)]
