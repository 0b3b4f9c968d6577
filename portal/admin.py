"""What the installation's owner sees beside: the timetable of the beat, and who guessed passwords."""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import (
    ClockedScheduleAdmin,
    CrontabScheduleAdmin,
    PeriodicTaskAdmin,
    PeriodicTaskForm,
    TaskSelectWidget,
)
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from access.models import Lane
from portal.admin_duty import NoteAdmin, ShiftAdmin
from portal.admin_invitations import InvitationAdmin
from portal.admin_lanes import DrawnLaneAdmin
from portal.models import Invitation, Note, Shift
from premises.admin_accounts import SuperuserOnly
from premises.tenant_admin import ReadOnly
from premises.theme import display

admin.site.unregister([ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule])
admin.site.unregister([AccessAttempt, AccessFailureLog, AccessLog])
admin.site.register(Invitation, InvitationAdmin)
admin.site.register(Note, NoteAdmin)
admin.site.register(Shift, ShiftAdmin)

# Below nobody knows of pages that are drawn on; here the lane's page gets its button.
admin.site.unregister(Lane)
admin.site.register(Lane, DrawnLaneAdmin)


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):  # type: ignore[misc]
    """The list of tasks in the theme's look."""


class TaskForm(PeriodicTaskForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


@admin.register(PeriodicTask)
class TimetableAdmin(SuperuserOnly, PeriodicTaskAdmin, ModelAdmin):  # type: ignore[misc]
    form = TaskForm
    list_display = ("name", "task_name", "enabled", "interval", "last_run_at")
    list_filter = ("enabled", "task")
    list_fullwidth = True
    date_hierarchy = None
    show_full_result_count = False

    @display(description=_("Task Name"), ordering="task")
    def task_name(self, row: PeriodicTask) -> str:
        """The model names its field in English only."""
        return str(row.task)


@admin.register(IntervalSchedule)
class IntervalAdmin(SuperuserOnly, ModelAdmin):  # type: ignore[misc]
    pass


@admin.register(CrontabSchedule)
class CrontabAdmin(SuperuserOnly, CrontabScheduleAdmin, ModelAdmin):  # type: ignore[misc]
    inlines = ()


@admin.register(SolarSchedule)
class SolarAdmin(SuperuserOnly, ModelAdmin):  # type: ignore[misc]
    pass


@admin.register(ClockedSchedule)
class ClockedAdmin(SuperuserOnly, ClockedScheduleAdmin, ModelAdmin):  # type: ignore[misc]
    inlines = ()


@admin.register(AccessAttempt)
class AttemptAdmin(SuperuserOnly, ModelAdmin):  # type: ignore[misc]
    """Failed sign-ins that count. Deleting one lets its user try again."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    search_fields = ("username", "ip_address")
    list_fullwidth = True
    show_full_result_count = False
    fields = ("attempt_time", "username", "ip_address", "user_agent", "path_info", "failures_since_start")
    readonly_fields = fields

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(AccessLog)
class SignInAdmin(ReadOnly, SuperuserOnly, ModelAdmin):  # type: ignore[misc]
    list_display = ("attempt_time", "username", "ip_address", "logout_time")
    search_fields = ("username", "ip_address")
    list_fullwidth = True
    show_full_result_count = False
    fields = ("attempt_time", "username", "ip_address", "user_agent", "path_info", "logout_time")
