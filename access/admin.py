"""Admin pages of lanes, vehicles, passages; and the button that opens a gate."""

from django.contrib import admin

from access import rehearsal_words
from access.admin_devices import LaneAdmin, OpenableGateAdmin, OpenedGateCommandAdmin, TravelTimeAdmin
from access.admin_evidence import DecisionAdmin, DetectionAdmin, OpeningPhotoAdmin
from access.admin_guests import GuestLinkAdmin
from access.admin_keys import KeyAdmin
from access.admin_passages import PassageAdmin
from access.admin_permits import HolidayAdmin, PermitAdmin
from access.admin_privacy import RetentionPolicyAdmin, SubjectRequestAdmin
from access.admin_shadow import ShadowRunAdmin
from access.admin_vehicles import VehicleAdmin, WatchlistAdmin
from access.models import (
    Decision,
    Detection,
    GuestLink,
    Holiday,
    Key,
    Lane,
    OpeningPhoto,
    Passage,
    Permit,
    RetentionPolicy,
    ShadowRun,
    SubjectRequest,
    TravelTime,
    Vehicle,
    WatchlistEntry,
)
from access.shown import told_in_journal
from gates.models import Gate, GateCommand
from premises import journal_words

journal_words.TELLERS["passage.decided"] = told_in_journal
journal_words.TELLERS["lane.rehearsed"] = rehearsal_words.told_in_journal

admin.site.register(Passage, PassageAdmin)
admin.site.register(Detection, DetectionAdmin)
admin.site.register(Decision, DecisionAdmin)
admin.site.register(OpeningPhoto, OpeningPhotoAdmin)
admin.site.register(Vehicle, VehicleAdmin)
admin.site.register(Permit, PermitAdmin)
admin.site.register(GuestLink, GuestLinkAdmin)
admin.site.register(Holiday, HolidayAdmin)
admin.site.register(WatchlistEntry, WatchlistAdmin)
admin.site.register(Key, KeyAdmin)
admin.site.register(Lane, LaneAdmin)
admin.site.register(RetentionPolicy, RetentionPolicyAdmin)
admin.site.register(SubjectRequest, SubjectRequestAdmin)
admin.site.register(ShadowRun, ShadowRunAdmin)
admin.site.register(TravelTime, TravelTimeAdmin)

# Gates know nothing of cameras; here, where both meet, their pages get the button and the photo.
admin.site.unregister([Gate, GateCommand])
admin.site.register(Gate, OpenableGateAdmin)
admin.site.register(GateCommand, OpenedGateCommandAdmin)
