"""What somebody wants to be told."""

from portal.models import Preferences
from premises.models import User


def preferences_of(user: User) -> Preferences:
    """Theirs, or what holds for who never said anything; that is not saved."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)
