"""What a real board's config.json needs besides: pins and a network. Loaded there only."""

from config import demand


def check(config):
    """Raises `ConfigError` naming what is missing or wrong."""
    for number, relay in config["relays"].items():
        where = "relays.%s." % number
        demand(relay, "pin", int, where)
        if "reader" in relay:
            demand(relay, "reader", dict, where)
            demand(relay["reader"], "d0_pin", int, where + "reader.")
            demand(relay["reader"], "d1_pin", int, where + "reader.")
    demand(config, "wifi", dict)
    demand(config["wifi"], "ssid", str, "wifi.")
    demand(config["wifi"], "password", str, "wifi.")
