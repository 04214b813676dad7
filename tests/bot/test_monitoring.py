"""Alert rules and the board ask only for what /metrics shows, and each alert has its page in the manual."""

import json
import re
from pathlib import Path

import promql_parser as promql
import pytest
import yaml

from bot.metrics import OUTCOMES, RESULTS, SOURCES
from tests.bot.test_contract import METRICS

DOCS = Path(__file__).parents[2] / "docs"
RULES = yaml.safe_load((DOCS / "monitoring" / "alerts.yml").read_text())["groups"][0]["rules"]
BOARD = json.loads((DOCS / "monitoring" / "grafana.json").read_text())
SERIES = {
    f"portwire_{name}{ending}": {*labels, *({"le"} if ending == "_bucket" else ())}
    for name, (kind, labels) in METRICS.items()
    for ending in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))
}
VALUES = {
    "outcome": {*OUTCOMES, "ok", "unclear", "rate_limited"},
    "result": {*RESULTS},
    "source": {*SOURCES},
    "kind": {"odd_row"},
    "status": {"401", "403"},
    "method": {"auth.test"},
    "job": {"portwire"},
}
"""What the labels may be; `tests/bot/slack` and `tests/bot/telnyx` hold that they are so."""
EXPRESSIONS = {rule["alert"]: rule["expr"] for rule in RULES} | {
    f"{panel['title']}: {target['legendFormat']}": target["expr"]
    for panel in BOARD["panels"]
    for target in panel["targets"]
}


def parsed(expression):
    return promql.parse(expression.replace("$__rate_interval", "5m"))


def nodes(node):
    """The node and all below it."""
    yield node
    for name in ("lhs", "rhs", "expr", "param", "vector_selector", "args"):
        below = getattr(node, name, None)
        for each in below if isinstance(below, list) else [below]:
            if each is not None:
                yield from nodes(each)


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_every_expression_asks_for_series_labels_and_values_that_exist(expression):
    asked = [node for node in nodes(parsed(expression)) if isinstance(node, promql.VectorSelector)]
    grouped = {
        label
        for node in nodes(parsed(expression))
        if isinstance(node, promql.AggregateExpr) and node.modifier
        for label in node.modifier.labels
    }

    assert asked
    for selector in asked:
        labels = SERIES[selector.name] | {"job"}
        assert grouped <= labels
        for matcher in selector.matchers.matchers:
            assert matcher.name in labels
            assert set(matcher.value.split("|")) <= VALUES[matcher.name]


def test_every_metric_is_on_the_board():
    shown = " ".join(target["expr"] for panel in BOARD["panels"] for target in panel["targets"])

    assert [name for name in METRICS if f"portwire_{name}" not in shown] == ["events_duplicate_total"]


def test_every_alert_has_its_section_in_the_manual_and_no_section_is_left_over():
    manual = (DOCS / "operations.md").read_text()
    sections = re.findall(r"^### (Portwire\w+)$", manual, re.MULTILINE)

    assert sections == [rule["alert"] for rule in RULES]
    assert {rule["labels"]["severity"] for rule in RULES} == {"page", "ticket"}


def test_every_legend_names_labels_that_its_expression_keeps():
    for panel in BOARD["panels"]:
        for target in panel["targets"]:
            kept = re.search(r"by \(([^)]*)\)", target["expr"])
            kept = set(re.findall(r"\w+", kept[1])) if kept else set()
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= kept
