"""Values of the formats that /openapi.json names. No schema can say which texts are keys; schemathesis loads this file."""
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


SIGNATURE = re.compile("([A-Za-z0-9+/]{4})+")  # what the description asks for; no other may become valid here


@schemathesis.hook.apply_to(path="/transactions/new")
def map_body(context, body):
    """Signs most of the payments whose sender is a wallet here; the others keep a signature that does not fit."""
    wallet = WALLETS.get(body.get("sender")) if isinstance(body, dict) else None
    if wallet and {"recipient", "amount", "signature"} <= body.keys() and is_to_sign(body["recipient"], body["signature"]):
        body["signature"] = sign(wallet.secret, wallet.address, body["recipient"], body["amount"])
    return body


def is_to_sign(recipient, signature):
    return isinstance(recipient, str) and len(recipient) % 2 == 0 and isinstance(signature, str) and bool(SIGNATURE.fullmatch(signature))
