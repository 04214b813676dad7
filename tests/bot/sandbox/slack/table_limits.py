"""Each limit of tables and charts: its name, blocks that just keep it, and blocks that break it."""

NUMBER = {"type": "raw_number", "value": 1, "text": "1"}
TEXT = {"type": "text", "text": "x"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [TEXT]}]}


def cell(text="x"):
    return {"type": "raw_text", "text": text}


def table(rows, columns=1, **more):
    return {"type": "table", "rows": [[cell()] * columns for _ in range(rows)]} | more


def data_table(rows=2, columns=1, **more):
    content = {"rows": [[cell()] * columns for _ in range(rows)], "caption": "c"}
    return {"type": "data_table"} | content | more


def chart(**more):
    return {"type": "data_visualization", "title": "t", "chart": more}


def pie(segments):
    return chart(type="pie", segments=[{"label": f"s{n}", "value": 1} for n in range(segments)])


def bars(labels, categories):
    data = [{"label": label, "value": 1} for label in labels]
    return chart(type="bar", series=[{"name": "n", "data": data}], axis_config={"categories": categories})


TABLE_LIMITS = [
    ("table rows", [table(100)], [table(101)]),
    ("table columns", [table(1, 20)], [table(1, 21)]),
    ("tables", [table(1), data_table()], [table(1), table(1)]),
    (
        "cells of a table",
        [{"type": "table", "rows": [[cell("x" * 2500)] * 4]}],
        [{"type": "table", "rows": [[cell("x" * 2501)] * 4]}],
    ),
    ("data_table rows", [data_table(101)], [data_table(102)]),
    ("data_table body", [data_table(2)], [data_table(1)]),
    ("data_table caption", [data_table()], [data_table(caption="")]),
    ("data_table page", [data_table(page_size=100)], [data_table(page_size=101)]),
    ("data_table evenness", [data_table()], [data_table() | {"rows": [[cell()], [cell(), cell()]]}]),
    ("pie", [pie(12)], [pie(13)]),
    (
        "pie values",
        [pie(1)],
        [chart(type="pie", segments=[{"label": "a", "value": 0}])],
    ),
    ("bars fit their axis", [bars(["a", "b"], ["a", "b"])], [bars(["a"], ["a", "b"])]),
    ("chart labels", [bars(["x" * 20], ["x" * 20])], [bars(["x" * 21], ["x" * 21])]),
    ("charts", [pie(1)] * 2, [pie(1)] * 3),
    ("chart title", [pie(1) | {"title": "x" * 50}], [pie(1) | {"title": "x" * 51}]),
    ("data_table header", [data_table(row_header_column_index=0)], [data_table(row_header_column_index=1)]),
    (
        "data_table header cells",
        [data_table()],
        [data_table() | {"rows": [[RICH], [cell()]]}],
    ),
    ("column settings", [table(1, column_settings=[None])], [table(1, column_settings=[{"width": 3}])]),
    (
        "names of series",
        [bars(["a"], ["a"])],
        [
            chart(
                type="line",
                series=[{"name": "n", "data": [{"label": "a", "value": 1}]}] * 2,
                axis_config={"categories": ["a"]},
            )
        ],
    ),
    (
        "numbers in tables",
        [table(1) | {"rows": [[NUMBER]]}],
        [table(1) | {"rows": [[NUMBER | {"value": "1"}]]}],
    ),
    ("blank cell", [table(1) | {"rows": [[cell(" ")]]}], [table(1) | {"rows": [[cell("")]]}]),
]
