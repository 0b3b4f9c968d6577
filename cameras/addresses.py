"""What may stand in the address of a device. Pure rules; None means that nothing is wrong."""

import ipaddress
import re
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Complaint = Promise | str | None

HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")
# What may stand in a request as it is.
PLAIN = re.compile(r"[!-~]+")


def host_problem(host: str) -> Complaint:
    """A name or an IP address, nothing around it."""
    if HOST_NAME.fullmatch(host) or _is_ip(host):
        return None
    return _("Only a name or an IP address, without http://, port, user or password.")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def path_problem(path: str, *, needed: bool) -> Complaint:
    """The path of a picture on a recorder of another make, such as /snap/{channel}.jpg."""
    if not path:
        return _("This make needs the path of its picture.") if needed else None
    if not path.startswith("/") or path.startswith("//") or not PLAIN.fullmatch(path):
        return _("A path begins with one / and has neither blanks nor accents.")
    if re.search(r"[{}]", path.replace("{channel}", "")):
        return _("Only {channel} may stand in braces.")
    return None


def url_problem(url: str) -> Complaint:
    """The address of a picture: http or https, and the password in its own field."""
    try:
        parts = urlsplit(url)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return _("This is not an address.")
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_fits:
        return _("An address begins with http:// or https://.")
    if not PLAIN.fullmatch(url):
        return _("An address has neither blanks nor accents.")
    if parts.username is not None or parts.password is not None:
        return _("Write user and password into their own fields, not into the address.")
    return None
