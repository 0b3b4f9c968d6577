"""What a relay does until further notice: is held open until an end, is locked, or is free.

Held open is kept by being said again: the board lets go by itself of what it was not told for `KEEP_MS`. So a program
that hangs, and a reset, end it. Locked stays so until it is freed, through resets too (see locks.py).
"""

# No setting allows a longer one (four hours); without a setting an hour is the longest.
MAX_HOLD_MS, HOLD_MS = 14400000, 3600000
# A held gate that nobody can close lets strangers in: so long the broker may be away.
ALONE_MS = 60000
KEEP_MS, KEEP_AGAIN_MS = 10000, 4000


def objection(relay, order, longest):
    """Why an order will not do as its relay stands; empty where nothing is against it."""
    # One that expires before the last that was obeyed was overtaken by it. A lock-down is obeyed at any rate.
    if order["stand"] != "locked" and order["expires"] <= relay.ordered:
        return "overtaken"
    if order["stand"] != "open":
        return ""
    if order["for_ms"] > longest:
        return "too_long"
    return "locked_down" if relay.stand == "locked" else ""


def obey(relay, order, now, gap_ms):
    """What is to be done by an order against which nothing speaks."""
    number, before = order["relay"], relay.stand
    relay.stand = order["stand"]
    relay.ordered = max(relay.ordered, order["expires"])
    relay.until, relay.again_at = now + order["for_ms"], now + KEEP_AGAIN_MS
    if relay.stand == "open":
        return [("hold", number, True, KEEP_MS)]
    return [let_go(number, relay, now, gap_ms)] if before == "open" else []


def let_go(number, relay, now, gap_ms):
    relay.free_at = now + gap_ms
    return ("hold", number, False, 0)


def ending(relay, now, linked_at):
    """Why a hold ends by itself now; empty where it goes on, or there is none."""
    if relay.stand != "open":
        return ""
    if now >= relay.until:
        return "over"
    return "broker_gone" if now - linked_at > ALONE_MS else ""


def keep(number, relay, now):
    """The board is told from time to time that the hold goes on."""
    if relay.stand != "open" or now < relay.again_at:
        return []
    relay.again_at = now + KEEP_AGAIN_MS
    return [("hold", number, True, KEEP_MS)]
