"""config.json: what this board is, and where its broker and its pins are."""

import json


class ConfigError(Exception):
    """The file is not there, or something in it will not do. The text says what."""


def read(path):
    try:
        with open(path) as file:
            content = json.load(file)
    except OSError:
        raise ConfigError("%s is missing: register the controller and copy its file here" % path)  # noqa: B904
    except ValueError:
        raise ConfigError("%s is not JSON" % path)  # noqa: B904 (MicroPython has no chained exceptions)
    if not isinstance(content, dict):
        raise ConfigError("%s is not a JSON object" % path)
    return checked(content)


def wired(path):
    """The same, of a board with pins and a network."""
    from wired import check

    config = read(path)
    check(config)
    return config


def checked(config):
    """The same, with defaults; raises `ConfigError` naming what is missing or wrong."""
    demand(config, "device", str)
    demand(config, "key", str)
    demand(config, "broker", dict)
    demand(config["broker"], "host", str, "broker.")
    demand(config["broker"], "password", str, "broker.")
    demand(config["broker"], "port", int, "broker.")
    if len(config["key"]) < 32 or len(config["key"]) % 2 or config["key"].lower().strip("0123456789abcdef"):
        raise ConfigError("key must be at least 32 hexadecimal digits")
    defaults = {"relays": {"1": {}}, "max_pulse_ms": 3000, "gap_ms": 1000, "heartbeat_ms": 2000}
    defaults["max_hold_ms"] = 3600000
    for name in defaults:
        config.setdefault(name, defaults[name])
        demand(config, name, type(defaults[name]))
    for number in config["relays"]:
        if not number.isdigit() or not isinstance(config["relays"][number], dict):
            raise ConfigError('relays must look like {"1": {"pin": 5}}')
    return config


def demand(where, name, kind, prefix=""):
    if name not in where:
        raise ConfigError("%s%s is missing" % (prefix, name))
    if type(where[name]) is not kind:
        raise ConfigError("%s%s must be %s" % (prefix, name, WORDS[kind]))


WORDS = {str: "a text", int: "a whole number", dict: "an object"}
