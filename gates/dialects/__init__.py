"""Dialects of boards that people already own, by name. Boards of our own speak `gates.protocol` instead."""

from gates.dialects.cover import Cover
from gates.dialects.esphome import EspHome
from gates.dialects.names import DialectName
from gates.dialects.parts import Dialect
from gates.dialects.plain import Plain
from gates.dialects.shelly1 import Shelly1
from gates.dialects.shelly2 import Shelly2
from gates.dialects.tasmota import Tasmota

DIALECTS: dict[str, Dialect] = {
    DialectName.PLAIN: Plain(),
    DialectName.ESPHOME: EspHome(),
    DialectName.TASMOTA: Tasmota(),
    DialectName.SHELLY1: Shelly1(),
    DialectName.SHELLY2: Shelly2(),
    DialectName.COVER: Cover(),
}
