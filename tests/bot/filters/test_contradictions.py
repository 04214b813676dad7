"""A wish that can never come true is told as such; one that can is left in peace."""

import pytest

from bot.filters import parse, why_never


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("type:split -type:split", "`type:`"),
        ("ref:ACME -ref:acme", "`ref:`"),
        ("ref:ACME-1 -ref:ACME*", "`ref:`"),
        ("carrier:Onvoy -carrier:*", "`carrier:`"),
        ("-kind:in,out", "`kind:`"),
        ("-severity:critical,warning,info", "`severity:`"),
        ("kind:out ref:ACME*", "customer reference"),
        ("-kind:in ref:ACME*", "customer reference"),
        ("status:pending ref:ACME*", "customer reference"),
        ("kind:in status:pending", "port-ins never have that status"),
        ("kind:out status:exception", "port-outs never have that status"),
        ("kind:out type:split", "port-outs never have that type"),
        ("kind:in type:foc_date_changed", "port-ins never have that type"),
        ("type:new_comment status:ported", "type:status_changed"),
    ],
)
def test_what_no_event_can_meet_is_told_with_the_reason(text, reason):
    assert reason in why_never(parse(text).filter)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind:in,out",
        "-kind:in",
        "kind:in status:exception,pending",
        "kind:out status:canceled",
        "status:pending",
        "ref:ACME* -ref:ACME-1",
        "ref:ACME,BOLT -ref:ACME",
        "-status:draft type:new_comment",
        "kind:out -ref:ACME",
        "type:foc_date_changed",
        "severity:critical -severity:info",
    ],
)
def test_what_an_event_can_meet_is_left_in_peace(text):
    assert why_never(parse(text).filter) is None
