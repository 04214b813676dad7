"""Metrics keep to their public names, and no label grows without end."""

from bot.metrics import MOST_VALUES, Metrics


def test_a_label_that_grows_without_end_is_counted_as_other():
    metrics = Metrics()

    for number in range(MOST_VALUES + 5):
        metrics.events_ingested_total.labels(source="port_in", type=f"new_{number}").inc()

    text = metrics.render().decode()
    assert 'portwire_events_ingested_total{source="port_in",type="other"} 5.0' in text
    assert f"new_{MOST_VALUES}" not in text


def test_known_outcomes_are_there_before_the_first_case():
    text = Metrics().render().decode()

    for outcome in ("posted", "refused", "ambiguous", "parked"):
        assert f'portwire_deliveries_total{{outcome="{outcome}"}} 0.0' in text


def test_no_series_is_there_that_nobody_asked_for():
    metrics = Metrics()
    metrics.commands_total.labels(name="help").inc()

    assert b"_created" not in metrics.render()
