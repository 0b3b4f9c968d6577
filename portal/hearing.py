"""What the faces hear of what lies below them."""

from access.arrivals import guest_arrived
from access.rehearsing import news
from portal import arrivals, rehearsal_mail

guest_arrived.connect(arrivals.queue, dispatch_uid="portal.arrivals")
news.connect(rehearsal_mail.queue, dispatch_uid="portal.rehearsals")
