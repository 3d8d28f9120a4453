"""Ed25519 and trees."""

import hashlib

from .encodings import sha


# ---------------------------------------------------------------- Ed25519 (RFC 8032)

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def ed_add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e1 = (y1 - x1) * (y2 - x2) % P
    e2 = (y1 + x1) * (y2 + x2) % P
    e3 = 2 * t1 * t2 * D % P
    e4 = 2 * z1 * z2 % P
    e, f, g, h = e2 - e1, e4 - e3, e4 + e3, e2 + e1
    return e * f % P, g * h % P, f * g % P, e * h % P


def ed_mul(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = ed_add(result, point)
        point = ed_add(point, point)
        scalar >>= 1
    return result


def ed_decode(data):
    """The point, or None where the encoding is not canonical or no point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2 ** 255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == (-u) % P:
        x = x * SQRT_M1 % P
    if v * x * x % P != u:
        return None
    if x == 0 and sign:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def ed_encode(point):
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = ed_decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
BASE_POWERS = [BASE]
while len(BASE_POWERS) < 256:
    BASE_POWERS.append(ed_add(BASE_POWERS[-1], BASE_POWERS[-1]))


class PublicKey:
    """`good` is false for a key that is no canonical point or of small order."""

    def __init__(self, data):
        self.data = data
        point = ed_decode(data)
        self.good = point is not None and ed_encode(ed_mul(8, point)) != ed_encode((0, 1, 1, 0))
        if self.good:
            x, y, z, t = point
            self.negative = [(-x % P, y, z, -t % P)]
            while len(self.negative) < 256:
                self.negative.append(ed_add(self.negative[-1], self.negative[-1]))

    def verifies(self, signature, message):
        r, s = signature[:32], int.from_bytes(signature[32:], "little")
        if not self.good or s >= L or ed_decode(r) is None:
            return False
        k = int.from_bytes(hashlib.sha512(r + self.data + message).digest(), "little") % L
        total = (0, 1, 1, 0)
        for bit in range(256):
            if s >> bit & 1:
                total = ed_add(total, BASE_POWERS[bit])
            if k >> bit & 1:
                total = ed_add(total, self.negative[bit])
        return ed_encode(total) == r


# ---------------------------------------------------------------- trees (RFC 9162)

def leaf_hash(entry):
    return sha(b"\0" + entry)


def tree_root(leaves):
    if not leaves:
        return sha(b"")
    level = list(leaves)
    while len(level) > 1:
        above = [sha(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def consistency(size, leaves):
    if size == 0 or size == len(leaves):
        return []

    def sub(m, part, whole):
        if m == len(part):
            return [] if whole else [tree_root(part)]
        k = 1 << (len(part) - 1).bit_length() - 1
        if m <= k:
            return sub(m, part[:k], whole) + [tree_root(part[k:])]
        return sub(m - k, part[k:], False) + [tree_root(part[:k])]

    return sub(size, leaves, True)
