"""How cameras and recorders are shown to a person."""

from cameras.models import Health

# Colours of the labels. The words say the same.
HEALTH_COLOURS = {
    Health.UNKNOWN: "info",
    Health.OK: "success",
    Health.FAILING: "warning",
    Health.STOPPED: "danger",
}
