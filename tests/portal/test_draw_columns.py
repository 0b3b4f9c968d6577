"""Columns of a chart: heights by number, names where there is room."""

from portal.columns import HEIGHT, columns


def test_the_fullest_column_fills_the_height() -> None:
    first, second = columns([("a", {"x": 3, "y": 1}), ("b", {"x": 2})], ("x", "y"), 100)
    assert [(part.series, part.y, part.height) for part in first.parts] == [("x", 40, 120), ("y", 0, 40)]
    assert [(part.series, part.y + part.height) for part in second.parts] == [("x", HEIGHT)]
    assert (first.total, second.counts) == (4, (2, 0))


def test_names_stand_where_they_do_not_run_into_each_other() -> None:
    shown = [column.shown for column in columns([(str(day), {}) for day in range(28)], ("x",), 520)]
    assert [name for name in shown if name] == ["0", "4", "8", "12", "16", "20", "24"]


def test_nothing_is_no_column() -> None:
    assert columns([], ("x",)) == []
    assert [column.parts for column in columns([("a", {})], ("x",))] == [()]
