"""Tables and charts of every kind."""

from tests.browser.builders import piece, rich
from tests.browser.texts import LEAVES


def cell(text):
    return {"type": "raw_text", "text": text}


def number(value):
    return {"type": "raw_number", "value": value, "text": f"{value:,}"}


TABLE = {
    "type": "table",
    "column_settings": [
        {"align": "left"},
        {"align": "right"},
        {"is_wrapped": True},
        None,
        {"align": "center"},
    ],
    "rows": [
        [cell(name) for name in ("Order", "Numbers", "What happened to it", "Customer", "State")],
        [
            cell("sr_98f022"),
            number(12),
            cell("The losing carrier refused it. " * 4),
            cell("ACME"),
            rich(piece(LEAVES[0])),
        ],
        [
            cell("sr_71aa03"),
            number(1240),
            cell("–"),
            cell("A customer of a long name, Incorporated"),
            cell("ported"),
        ],
    ],
}
DATA_TABLE = {
    "type": "data_table",
    "caption": "Orders of this week",
    "page_size": 3,
    "row_header_column_index": 1,
    "rows": [
        [cell("Customer"), cell("Order"), cell("Numbers"), cell("Note")],
        *(
            [cell(f"Customer {n % 3}"), cell(f"sr_{n}"), number(n * 7 % 10), rich(piece("a "), piece("b"))]
            for n in range(8)
        ),
    ],
}


def chart(title, **chart):
    return {"type": "data_visualization", "title": title, "chart": chart}


def axes_chart(kind, series, names, **labels):
    points = [
        {"name": name, "data": [{"label": label, "value": value(n, at)} for at, label in enumerate(names)]}
        for n, (name, value) in enumerate(series.items())
    ]
    return chart(f"Ports by {kind}", type=kind, series=points, axis_config={"categories": names, **labels})


WEEKS = [f"Week {n}" for n in range(40, 52)]
SERIES = {
    "Ported": lambda _n, at: 20 + at * 7 % 11,
    "In exception": lambda _n, at: at * 5 % 9,
    "Change": lambda _n, at: 4 - at,
}
CHARTS = [
    [
        chart("States", type="pie", segments=[{"label": f"State {n}", "value": n} for n in range(1, 13)]),
        axes_chart("bar", SERIES, WEEKS, x_label="Week", y_label="Orders"),
    ],
    [
        axes_chart(
            "line",
            SERIES,
            ["Monday morning shift", "Tuesday", "Wednesday", "Thursday", "Friday"],
            y_label="Orders",
        ),
        axes_chart("area", SERIES, WEEKS),
    ],
    [
        chart("One", type="pie", segments=[{"label": "All", "value": 5}]),
        axes_chart("bar", {"None": lambda _n, _at: 0}, ["Now"]),
    ],
]
