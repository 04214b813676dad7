"""What Slack accepts as table, data_table and data_visualization."""

from typing import Any

from bot.sandbox.slack.rich_text_rules import RICH_TEXT
from bot.sandbox.slack.schema import (
    Problems,
    boolean,
    by_type,
    choice,
    items,
    number,
    positive,
    shape,
    string,
    whole,
    wrong,
)

CELLS_LIMIT = 10_000  # characters over all cells of a table

_CELLS = {
    "raw_text": shape({"type": choice("raw_text"), "text": string(3000, blank=True)}),
    "raw_number": shape({"type": choice("raw_number"), "value": number, "text": string(255)}),
    "rich_text": RICH_TEXT,
}
_CELL = by_type(lambda: _CELLS)


def _rows_are_even(value: Any, at: str) -> Problems:
    widths = {len(row) for row in value["rows"]}
    return [] if len(widths) == 1 else wrong(f"{at}/rows", "all rows must have the same number of cells")


def _cells_are_short(value: Any, at: str) -> Problems:
    if _characters(value["rows"]) > CELLS_LIMIT:
        return wrong(f"{at}/rows", f"cells must be less than {CELLS_LIMIT + 1} characters together")
    return []


def _characters(value: Any) -> int:
    if isinstance(value, list):
        return sum(_characters(item) for item in value)
    if isinstance(value, dict):
        return sum(
            len(v) if name == "text" and isinstance(v, str) else _characters(v) for name, v in value.items()
        )
    return 0


def _header_is_plain(value: Any, at: str) -> Problems:
    rich = any(cell["type"] == "rich_text" for cell in value["rows"][0])
    return wrong(f"{at}/rows/0", "header cells can not be rich_text") if rich else []


def _row_header_exists(value: Any, at: str) -> Problems:
    if value.get("row_header_column_index", 0) >= len(value["rows"][0]):
        return wrong(f"{at}/row_header_column_index", "there is no such column")
    return []


_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _column(value: Any, at: str) -> Problems:
    return [] if value is None else _COLUMN(value, at)


TABLE = shape(
    {"type": choice("table"), "rows": items(items(_CELL, 1, 20), 1, 100)},
    {"block_id": string(255), "column_settings": items(_column, 0, 20)},
    also=[_cells_are_short],
)
DATA_TABLE = shape(
    {"type": choice("data_table"), "caption": string(3000), "rows": items(items(_CELL, 1, 20), 2, 101)},
    {"block_id": string(255), "page_size": whole(1, 100), "row_header_column_index": whole(0, 19)},
    also=[_rows_are_even, _header_is_plain, _row_header_exists, _cells_are_short],
)

_LABEL = string(20)
_PIE = shape(
    {
        "type": choice("pie"),
        "segments": items(shape({"label": _LABEL, "value": positive}), 1, 12),
    }
)
_SERIES = shape({"name": _LABEL, "data": items(shape({"label": _LABEL, "value": number}), 1, 20)})
_AXES = shape({"categories": items(_LABEL, 1, 20)}, {"x_label": string(50), "y_label": string(50)})


def _series_fit(value: Any, at: str) -> Problems:
    names = [series["name"] for series in value["series"]]
    if len(names) != len(set(names)):
        return wrong(f"{at}/series", "series names must be unique")
    categories = value["axis_config"]["categories"]
    for place, series in enumerate(value["series"]):
        if [point["label"] for point in series["data"]] != categories:
            return wrong(f"{at}/series/{place}/data", "labels must match the axis categories")
    return []


def _axes_chart(kind: str) -> Any:
    return shape(
        {"type": choice(kind), "series": items(_SERIES, 1, 12), "axis_config": _AXES}, also=[_series_fit]
    )


CHARTS = {"pie": _PIE, "line": _axes_chart("line"), "bar": _axes_chart("bar"), "area": _axes_chart("area")}
DATA_VISUALIZATION = shape(
    {"type": choice("data_visualization"), "title": string(50), "chart": by_type(lambda: CHARTS)},
    {"block_id": string(255)},
)
