"""What the faces hear of what lies below them."""

from access.arrivals import guest_arrived
from portal import arrivals

guest_arrived.connect(arrivals.queue, dispatch_uid="portal.arrivals")
