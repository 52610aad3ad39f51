"""Answers to `GET /chain`, well-formed and nearly so, and how Python reads them."""
import json
import math
import re

import draw

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.\w]+|.', re.DOTALL)
VALUES = [
    "01", "-0", "-00", "1.", ".5", "+1", "--1", "1e", "1e+", "1E5", "1e400", "-1e400", "1.0", "-1", "0.0", "-0.0", "1e-5",
    "NaN", "-NaN", "Infinity", "-Infinity", "nan", "inf", "null", "true", "false", "True", "None", "nul", "nullx",
    "18446744073709551615", "18446744073709551616", "9" * 400, "1_000", "0x10", "\u0661", "\uff11", "1 2", "",
    '""', '"1"', '"\\ud800"', '"\\ud83c\\udf89"', '"\\u0063hain"', '"\\u0069ndex"', '"amoun\\u0074"', '"\\x41"', '"\\u12"',
    '"\\u+123"', '"\\uD8zz"', '"\\ud83c\\u00zz"', '"\\', '"a\0b"', '"tab\there"', '"\n"', '"\x7f"', '"é\u2028"', "'a'",
    '"0"', '"' + "0" * 64 + '"', '"' + "A" * 64 + '"', "[]", "{}", "[1,]", "[,]", '{"a":1,}', "{1:2}", '{"a"}', "[[],[null]]",
    '{"b":1,"a":2,"b":3}', "/**/", "//", "#", ",", ":", "]", "}", "[", "{", '"index"', '"chain"', '"amount"', '"sender"',
    '"length":1', '"index":1,', '"proof":"x",', '"transactions":[],',
]
SPACES = ["\x0b", "\x0c", "\xa0", "\x85", "\ufeff", "\u2003", "\u2028", "\0", "\x1c", "\x1f", "\b", " ", "\t", "\n", "\r"]
BYTES = [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe2\x82", b"\xf4\x90\x80\x80", b"\0", b'"', b"\\", b"\x0c", b"\xef\xbb\xbf"]
MEMBERS = {"index", "timestamp", "transactions", "proof", "previous_hash"}


def answer(rng):
    """An answer with a few blocks, mutated in up to three places."""
    blocks = [draw.block(rng, index=str(at + 1)) for at in range(rng.randrange(4))]
    pairs = [('"chain"', draw.listed(blocks, rng)), ('"length"', str(len(blocks)))]
    if rng.random() < 0.2:
        pairs.append((draw.string(rng, 5), draw.value(rng, 2)))
    rng.shuffle(pairs)
    tokens = TOKEN.findall(draw.members(pairs, rng))
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        change(tokens, rng)
    data = "".join(tokens).encode()
    if rng.random() < 0.1:
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(BYTES) + data[at + rng.randrange(2):]
    return data


def change(tokens, rng):
    at = rng.randrange(len(tokens) + 1)
    kind = rng.randrange(6)
    if kind == 0:
        tokens.insert(at, rng.choice(SPACES))
    elif kind == 1:
        tokens.insert(at, rng.choice(VALUES))
    elif kind == 2:
        del tokens[at:at + 1]
    elif kind == 3:
        other = rng.randrange(len(tokens) + 1)
        tokens[at:at] = tokens[other:other + rng.randrange(1, 6)]
    elif kind == 4:
        del tokens[at:]
    else:
        tokens[at:at + 1] = [rng.choice(VALUES)]


def expected(data):
    """The canonical texts of the blocks if Python reads a chain of well-formed blocks, else None.

    docs/protocol.md says what a block is. An answer must also be UTF-8 and have the member "chain" once.
    """
    outermost = []

    def members(pairs):
        outermost[:] = pairs
        return dict(pairs)

    try:
        answer = json.loads(data.decode(), object_pairs_hook=members)
    except ValueError:
        return None
    if not isinstance(answer, dict) or [name for name, _ in outermost].count("chain") != 1:
        return None
    chain = answer["chain"]
    if not isinstance(chain, list) or not all(map(is_block, chain)):
        return None
    return [json.dumps(block, sort_keys=True) for block in chain]


def is_block(block):
    return (
        isinstance(block, dict) and block.keys() == MEMBERS
        and is_integer(block["index"], 0) and is_integer(block["proof"], 0) and is_timestamp(block["timestamp"])
        and is_previous_hash(block["previous_hash"])
        and isinstance(block["transactions"], list) and all(map(is_transaction, block["transactions"]))
    )


def is_integer(value, least):
    return type(value) is int and least <= value < 2**64


def is_timestamp(value):
    return is_integer(value, -2**63) or type(value) is float and math.isfinite(value)


def is_previous_hash(value):
    is_hash = isinstance(value, str) and re.fullmatch("1|[0-9a-f]{64}", value)
    return type(value) is int and value == 1 or bool(is_hash)


def is_transaction(value):
    return (isinstance(value, dict) and value.keys() == {"amount", "recipient", "sender"}
            and isinstance(value["sender"], str)
            and not re.search("[\ud800-\udfff]", value["sender"]))
