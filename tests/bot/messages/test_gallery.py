from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_page_of_all_messages_is_current(monkeypatch):
    monkeypatch.syspath_prepend(ROOT)
    from docs import gallery  # noqa: PLC0415 - the page's writer is no part of the package

    assert gallery.PAGE.read_text(encoding="utf-8") == gallery.page(), "run: python -m docs.gallery"
