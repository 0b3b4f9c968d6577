from django.contrib.admin.apps import AdminConfig


class CancelaAdminConfig(AdminConfig):
    """The admin, entered by role instead of by a staff flag."""

    default_site = "premises.site.CondominiumAdminSite"
