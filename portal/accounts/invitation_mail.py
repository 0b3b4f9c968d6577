"""The mail that carries an invitation's link."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts.mail import sent
from portal.models import Invitation


def send(request: HttpRequest, invitation: Invitation, token: str) -> bool:
    """In the language that was chosen for the invited, whatever the manager reads; False where it could not be sent."""
    link = request.build_absolute_uri(reverse("account_invitation_link", args=[token]))
    with translation.override(invitation.language):
        context = {"invitation": invitation, "link": link}
        subject = render_to_string("portal/accounts/invitation_subject.txt", context)
        text = render_to_string("portal/accounts/invitation_message.txt", context)
        message = EmailMessage(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [invitation.email])
        return sent(message)
