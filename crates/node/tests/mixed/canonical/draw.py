"""Draws JSON values in any spelling that a peer might use. One `Random` decides everything."""
import math
import struct

FLOATS_A_LINE = 500
LONE = '"\\ud800"', '"\\uDFFFx"', '"a\\ud83c\\u0041"', '"\\udc00\\ud800"'


def bits(number):
    return struct.unpack("<d", number.to_bytes(8, "little"))[0]


def next_to(value, rng):
    """A float up to three steps away."""
    for _ in range(rng.randrange(4)):
        value = math.nextafter(value, rng.choice((-math.inf, math.inf)))
    return value


# Several of these draw ties: floats half-way between two shortest texts, with few digits after the point.
FLOATS = [
    lambda rng: math.ldexp(rng.getrandbits(53) | 1, -rng.randrange(1, 80)),
    lambda rng: math.ldexp(rng.getrandbits(rng.randrange(1, 54)) | 1, -rng.randrange(1, 20)),
    lambda rng: rng.randrange(10**9, 2 * 10**9) + rng.randrange(1, 256) / 256,
    lambda rng: rng.randrange(10**9, 2 * 10**9) + rng.randrange(2**20) / 2**20,
    lambda rng: rng.randrange(10**18, 2 * 10**18) / 1e9,
    lambda rng: rng.randrange(10**15, 2 * 10**15) / 1e6,
    lambda rng: bits(rng.getrandbits(52)),
    lambda rng: next_to(rng.choice((1e-4, 1e-5, 1e15, 1e16, 1e17, 2.0**53, 2.0**63, 2.0**64)), rng),
    lambda rng: next_to(math.ldexp(1, rng.randrange(-1074, 1024)), rng),
    lambda rng: next_to(float(f"1e{rng.randrange(-323, 309)}"), rng),
    lambda rng: float(rng.getrandbits(rng.randrange(1, 200))),
    lambda rng: bits(rng.getrandbits(64)),
]


def spelled_float(value, rng):
    """The float in any spelling that parses to it. Without a point or an exponent, JSON would read an integer."""
    if not math.isfinite(value):
        return repr(value).replace("inf", "Infinity").replace("nan", "NaN")
    style = rng.randrange(8)
    if style == 0:
        return f"{value:.17e}"
    if style == 1:
        return f"{value:.40E}".replace("E+", "E").replace("E-", "E-00")
    if style == 2 and 1e-8 < abs(value) < 1e20:
        return f"{value:.60f}"
    return repr(value)


def float_line(rng):
    """A list of floats."""
    values = []
    for _ in range(FLOATS_A_LINE):
        value = rng.choice(FLOATS)(rng)
        values.append(spelled_float(-value if rng.random() < 0.1 else value, rng))
    return f"[{','.join(values)}]"


def long_float(rng):
    """A float with so many digits that its exponent needs six digits or more."""
    size = rng.randrange(10**5, 10**6)
    digits = str(rng.choice((1, 2**53 + 1, rng.getrandbits(200) + 1)))
    zeros, last = "0" * size, rng.choice(("", "1"))
    power = rng.choice((size + rng.randrange(-330, 330), rng.getrandbits(80)))
    return rng.choice((f"{digits}{zeros}{last}e-{power}", f"-{digits}{zeros}.{last}0E-{power}", f"0.{zeros}{digits}{last}e+{power}"))


def integer(rng):
    size = rng.choice((1, 8, 31, 53, 63, 64, 65, 128, 4000))
    near = rng.choice((0, 2**53, 2**63, 2**64))
    value = rng.getrandbits(size) if rng.random() < 0.7 else near + rng.randrange(-2, 3)
    return rng.choice(("", "", "-")) + str(abs(value))


def character(rng):
    """A code point; each class is about equally likely."""
    return rng.choice((
        lambda: rng.randrange(0x20, 0x7f), lambda: rng.randrange(0x20), lambda: 0x7f, lambda: rng.choice(b'"\\/'),
        lambda: rng.randrange(0x80, 0x100), lambda: rng.randrange(0x100, 0xd800), lambda: rng.randrange(0xd800, 0xe000),
        lambda: rng.randrange(0xe000, 0x10000), lambda: rng.randrange(0x10000, 0x110000),
        lambda: rng.choice((0x2028, 0x2029, 0xfeff, 0xffff, 0xfffe, 0xa0, 0x85, 0x10ffff, 0x0, 0x1f)),
    ))()


def spelled_character(point, rng):
    """The character or one of its escapes. What JSON does not allow unescaped is always escaped."""
    short = {0x22: '\\"', 0x5c: "\\\\", 0x2f: "\\/", 8: "\\b", 12: "\\f", 10: "\\n", 13: "\\r", 9: "\\t"}.get(point)
    must = point < 0x20 or point in (0x22, 0x5c) or 0xd800 <= point < 0xe000
    if not must and rng.random() < 0.6:
        return chr(point)
    if short and rng.random() < 0.7:
        return short
    units = chr(point).encode("utf-16-be", "surrogatepass").hex()
    escape = "".join("\\u" + units[at:at + 4] for at in range(0, len(units), 4))
    return escape.replace("a", "A").replace("e", "E") if rng.random() < 0.3 else escape


def string(rng, longest=12):
    points = (character(rng) for _ in range(rng.randrange(longest)))
    return '"' + "".join(spelled_character(point, rng) for point in points) + '"'


def every_code_point():
    """Lines with each of the 1,114,112 code points, escaped and, where JSON allows it, unescaped."""
    class Always:
        """Always draws the same number."""
        def __init__(self, number):
            self.random = lambda: number

    for begin in range(0, 0x110000, 0x400):
        points = range(begin, begin + 0x400)
        yield "[" + ",".join(
            '"' + "x".join(spelled_character(point, Always(number)) for point in points) + '"' for number in (0.5, 0.9)
        ) + "]"


def space(rng):
    return "".join(rng.choice(" \t\n\r") for _ in range(rng.randrange(3))) if rng.random() < 0.2 else ""


def listed(values, rng):
    return "[" + ",".join(space(rng) + value + space(rng) for value in values) + "]"


def members(pairs, rng):
    return "{" + ",".join(space(rng) + name + space(rng) + ":" + space(rng) + value for name, value in pairs) + "}"


def value(rng, depth=4):
    """Any JSON value that Python reads, with NaN, infinities, lone surrogates and duplicate members."""
    kind = rng.randrange(9 if depth else 6)
    if kind < 1:
        return rng.choice(("null", "true", "false", "NaN", "Infinity", "-Infinity", "1e400", "-1E999", "-0", "-0.0"))
    if kind < 2:
        return integer(rng)
    if kind < 4:
        return spelled_float(rng.choice(FLOATS)(rng), rng)
    if kind < 6:
        return string(rng)
    if kind < 7:
        return listed([value(rng, depth - 1) for _ in range(rng.randrange(4))], rng)
    names = [string(rng, 3) for _ in range(rng.randrange(5))]
    names += rng.sample(names, rng.randrange(2)) if names else []
    return members([(name, value(rng, depth - 1)) for name in names], rng)


def nested(rng, depth):
    """A value nested in lists and objects, between their other members."""
    text = value(rng, 0)
    for _ in range(depth):
        text = rng.choice(("[%s]", '{"b":1,"a":%s}', '{"a":%s,"b":[]}', '{"a":%s,"":0,"a":1}', "[0,%s,{}]")) % text
    return text


def plain_text(rng):
    """A text that can be a sender: without lone surrogates."""
    if rng.random() < 0.7:
        return '"' + "".join(rng.choice("ABCxyz019+/=") for _ in range(rng.choice((1, 40, 600)))) + '"'
    points = (character(rng) for _ in range(rng.randrange(12)))
    whole = (point for point in points if not 0xd800 <= point < 0xe000)
    return '"' + "".join(spelled_character(point, rng) for point in whole) + '"'


def amount(rng):
    kind = rng.randrange(10)
    if kind < 3:
        return integer(rng)
    if kind < 5:
        return spelled_float(rng.choice(FLOATS)(rng), rng)
    return plain_text(rng) if kind < 7 else value(rng)


def transaction(rng):
    recipient = rng.choice((plain_text, plain_text, plain_text, value, lambda rng: rng.choice(LONE)))(rng)
    pairs = [('"amount"', amount(rng)), ('"recipient"', recipient), ('"sender"', plain_text(rng))]
    rng.shuffle(pairs)
    return members(pairs, rng)


def timestamp(rng):
    if rng.random() < 0.2:
        return str(rng.choice((0, 1, -1, 2**64 - 1, -2**63, rng.randrange(2 * 10**9))))
    return spelled_float(next(f for f in iter(lambda: rng.choice(FLOATS)(rng), None) if math.isfinite(f)), rng)


def block(rng, index=None, previous_hash=None):
    """A well-formed block as a Python node may serve it, in any layout."""
    number = rng.choice((0, 1, 2**63, 2**64 - 1, rng.getrandbits(20)))
    index = str(rng.getrandbits(rng.choice((1, 20, 64)))) if index is None else index
    previous_hash = previous_hash or rng.choice(('1', '"1"', f'"{rng.getrandbits(256):064x}"'))
    transactions = listed([transaction(rng) for _ in range(rng.choice((0, 1, 1, 2, 4)))], rng)
    pairs = [('"index"', index), ('"timestamp"', timestamp(rng)), ('"transactions"', transactions),
             ('"proof"', "-0" if rng.random() < 0.05 else str(number)), ('"previous_hash"', previous_hash)]
    rng.shuffle(pairs)
    return members(pairs, rng)
