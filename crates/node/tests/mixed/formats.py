"""Values of the formats that /openapi.json names. No schema can say which texts are keys. schemathesis loads this file."""
import re
import sys
from pathlib import Path

import schemathesis
from hypothesis import strategies

sys.path.insert(0, str(Path(__file__).resolve().parent))

from peer import Wallet, sign  # noqa: E402

WALLETS = {wallet.address: wallet for wallet in (Wallet() for _ in range(3))}
PORTS = range(1, 60)  # nothing listens there, so a comparison of chains ends soon

schemathesis.openapi.format("address", strategies.sampled_from(sorted(WALLETS)))
schemathesis.openapi.format("node-address", strategies.sampled_from([f"127.0.0.1:{port}" for port in PORTS]))


SIGNATURE = re.compile("([A-Za-z0-9+/]{4})+")  # the form in the description: other texts must stay invalid


@schemathesis.hook.apply_to(path="/transactions/new")
def map_body(context, body):
    """Signs payments of the wallets here whose recipient has an even length. The others keep a signature that does not fit."""
    if not isinstance(body, dict) or "amount" not in body:
        return body
    sender, recipient, signature = (body.get(name) for name in ("sender", "recipient", "signature"))
    if not all(isinstance(text, str) for text in (sender, recipient, signature)):
        return body
    if sender in WALLETS and len(recipient) % 2 == 0 and SIGNATURE.fullmatch(signature):
        body["signature"] = sign(WALLETS[sender].secret, sender, recipient, body["amount"])
    return body
