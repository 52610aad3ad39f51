"""Values of the formats that /openapi.json names. No schema can say which texts are keys; schemathesis loads this file."""
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


@schemathesis.hook.apply_to(path="/transactions/new")
def map_body(context, body):
    """Signs most of the payments whose sender is a wallet here; the others stay unsigned."""
    wallet = WALLETS.get(body.get("sender")) if isinstance(body, dict) else None
    if wallet and isinstance(body.get("recipient"), str) and "amount" in body and len(body["recipient"]) % 2 == 0:
        body["signature"] = sign(wallet.secret, wallet.address, body["recipient"], body["amount"])
    return body
