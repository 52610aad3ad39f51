"""The node's metrics, read by Prometheus's own Python client."""
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from checks import equal

CHAINS = ("ledger_http_requests_total", ("route", "/chain"), ("status", "200"))
CHAIN_TIMES = ("ledger_http_request_seconds_count", ("route", "/chain"))


def samples(node):
    """The value of each sample by its name and labels. The parser refuses what breaks a rule of OpenMetrics."""
    answer = node.get("/metrics")
    equal(answer.status_code, 200)
    families = text_string_to_metric_families(answer.text)
    return {(sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples}


def check_metrics(node):
    """Compares a node's metrics with its other answers."""
    before = samples(node)
    length = len(node.chain())
    now = samples(node)
    equal(now[("ledger_height",)], length)
    equal(now[("ledger_pool_payments",)], node.get("/transactions").json()["length"])
    equal(now[CHAINS], before.get(CHAINS, 0) + 1)
    equal(now[CHAIN_TIMES], before[CHAIN_TIMES] + 1)
    assert now[("process_resident_memory_bytes",)] > 1 << 20
