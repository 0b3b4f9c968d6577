"""Who may do what: the one table of roles and permissions.

A permission is "area.action". Roles of people and scopes of API clients are written in the same words.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    MANAGER = "manager", _("Manager")
    GUARD = "guard", _("Guard")
    RESIDENT = "resident", _("Resident")
    AUDITOR = "auditor", _("Auditor")


class Permission(TextChoices):
    VIEW_REGISTRY = "registry.view", _("See vehicles, permits, units and people")
    CHANGE_REGISTRY = "registry.change", _("Change vehicles, permits, units and people")
    ANNOUNCE_VISITS = "visits.announce", _("Announce visitors")
    VIEW_DEVICES = "devices.view", _("See cameras, lanes, gates and controllers")
    CHANGE_DEVICES = "devices.change", _("Change cameras, lanes, gates and controllers")
    VIEW_PASSAGES = "passages.view", _("See passages and their pictures")
    REVIEW_PASSAGES = "passages.change", _("Correct what was read of a passage")
    UPLOAD_PICTURES = "pictures.upload", _("Send pictures to be read")
    OPEN_GATES = "gates.open", _("Open gates")
    VIEW_DUTY = "duty.view", _("See who is on duty, and what was handed over")
    CHANGE_DUTY = "duty.change", _("Take over the duty at the gatehouse, and leave notes")
    VIEW_JOURNAL = "journal.view", _("See the journal")
    VIEW_PRIVACY = "privacy.view", _("See how long data are kept, and answer who asks about the own")
    CHANGE_PRIVACY = "privacy.change", _("Change how long data are kept; open and close requests, and erase")
    VIEW_ACCOUNTS = "accounts.view", _("See memberships and API clients")
    CHANGE_ACCOUNTS = "accounts.change", _("Change memberships and API clients")


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MANAGER: frozenset(Permission),
    Role.GUARD: frozenset(
        {
            P.VIEW_REGISTRY,
            P.ANNOUNCE_VISITS,
            P.VIEW_DEVICES,
            P.VIEW_PASSAGES,
            P.REVIEW_PASSAGES,
            P.OPEN_GATES,
            P.CHANGE_DUTY,
            P.VIEW_DUTY,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            P.VIEW_REGISTRY,
            P.VIEW_DEVICES,
            P.VIEW_PASSAGES,
            P.VIEW_DUTY,
            P.VIEW_JOURNAL,
            P.VIEW_ACCOUNTS,
            P.VIEW_PRIVACY,
        }
    ),
    # Residents see their own unit on pages of their own, never the condominium's tables.
    Role.RESIDENT: frozenset(),
}

# Who may do the larger thing may do the smaller one: tokens were given before the smaller had a name of its own.
LARGER: dict[str, Permission] = {P.ANNOUNCE_VISITS: P.CHANGE_REGISTRY}

ADMIN_ROLES = (Role.MANAGER, Role.GUARD, Role.AUDITOR)


def roles_granting(permission: str) -> list[Role]:
    """The roles that hold a permission; none for a permission nobody defined."""
    return [role for role, granted in ROLE_PERMISSIONS.items() if permission in granted]
