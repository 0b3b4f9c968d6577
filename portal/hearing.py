"""What the faces hear of what lies below them."""

from access.answers import vehicle_answered
from access.arrivals import guest_arrived
from access.rehearsing import news
from portal import answers, arrivals, rehearsal_mail
from portal.accounts import journalled

guest_arrived.connect(arrivals.queue, dispatch_uid="portal.arrivals")
news.connect(rehearsal_mail.queue, dispatch_uid="portal.rehearsals")
vehicle_answered.connect(answers.queue, dispatch_uid="portal.answers")
journalled.listen()
