#!/usr/bin/env python3
"""Reads a node's metrics with Prometheus' own parser (prometheus_client), as a scrape does.

    python metrics_scrape.py http://127.0.0.1:PORT/metrics

Run by the test "cosmpy pays, delegates and is rewarded, and Prometheus reads what it cost".
"""
import sys
import urllib.request

from prometheus_client.parser import text_string_to_metric_families


def main():
    with urllib.request.urlopen(sys.argv[1], timeout=600) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain"), answer.headers["Content-Type"]
        families = list(text_string_to_metric_families(answer.read().decode()))
    names = [family.name for family in families]
    assert len(names) == len(set(names)), "a family stands twice"
    for family in families:
        assert family.documentation and family.type in ("counter", "gauge", "histogram"), family.name
        seen = set()
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in seen, key
            seen.add(key)
        if family.type != "histogram":
            continue
        # Each bucket has all that the smaller ones have, and the last one everything.
        rows = {}
        for sample in family.samples:
            labels = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
            rows.setdefault(labels, {})[sample.name[len(family.name):] + sample.labels.get("le", "")] = sample.value
        for labels, row in rows.items():
            buckets = sorted((float(name[len("_bucket"):]), value) for name, value in row.items() if name.startswith("_bucket"))
            assert [value for _, value in buckets] == sorted(value for _, value in buckets), (family.name, labels)
            assert buckets[-1][0] == float("inf") and buckets[-1][1] == row["_count"], (family.name, labels)
    for name in ("cloister_api_requests", "cloister_grpc_calls", "cloister_build_info", "process_cpu_seconds"):
        assert name in names, (name, names)
    print("Prometheus reads %d families, %d samples" % (len(families), sum(len(family.samples) for family in families)))


if __name__ == "__main__":
    main()
