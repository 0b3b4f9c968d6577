"""What comes from the library of the sign-in is Portuguese, too: where its own catalogue has a hole, it shows here."""

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string

from portal.accounts.allauth_forms import Plain
from portal.accounts.refusals import OF_ACCOUNTS, OF_SECOND_FACTORS
from tests.portal.pages import ENTRANCES

# Nobody can meet these here: there are no phones, and nobody picks a user name.
NEVER_SAID = {"phone_password_mismatch", "phone_taken", "unknown_phone", "username_blacklisted", "username_taken"}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(DefaultAccountAdapter.error_messages, OF_ACCOUNTS), (DefaultMFAAdapter.error_messages, OF_SECOND_FACTORS)],
)
def test_every_refusal(theirs: dict[str, object], ours: dict[str, object]) -> None:
    for code in theirs.keys() - ours.keys() - NEVER_SAID:
        with translation.override("en"):
            english = str(theirs[code])
        with translation.override("pt-br"):
            assert str(theirs[code]) != english, code


@pytest.mark.parametrize("path", [*settings.ACCOUNT_FORMS.values(), *settings.MFA_FORMS.values()])
def test_every_form_has_labels_of_ours(path: str) -> None:
    assert issubclass(import_string(path), Plain)


@pytest.mark.parametrize("name", ENTRANCES)
def test_a_page_says_which_language_it_speaks(client: Client, db: None, name: str) -> None:
    for asked, told in (("pt-BR", "pt-br"), ("en", "en")):
        page = client.get(reverse(name), headers={"Accept-Language": asked}).content.decode()
        assert f'<html lang="{told}">' in page
