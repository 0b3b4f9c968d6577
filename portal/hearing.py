"""What the faces hear of what lies below them."""

from access.answers import vehicle_answered
from access.arrivals import guest_arrived
from portal import answers, arrivals
from portal.accounts import journalled

guest_arrived.connect(arrivals.queue, dispatch_uid="portal.arrivals")
vehicle_answered.connect(answers.queue, dispatch_uid="portal.answers")
journalled.listen()
