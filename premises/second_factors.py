"""Second factors that are lost."""

from allauth.mfa.models import Authenticator

from premises.models import User


def forget(user: User) -> int:
    """Take away all second factors of somebody who lost them, recovery codes too; returns how many there were."""
    count: int
    count, _kinds = Authenticator.objects.filter(user=user).delete()
    return count
