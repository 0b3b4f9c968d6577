"""TLS to the broker, loaded where a board's file asks for it."""

import ssl


def secured(sock, broker):
    """The socket within TLS; with `ca`, a DER file, the broker must show a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if broker.get("ca"):
        with open(broker["ca"], "rb") as file:
            context.load_verify_locations(cadata=file.read())
        context.verify_mode = ssl.CERT_REQUIRED
    else:
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(sock, server_hostname=broker["host"])
