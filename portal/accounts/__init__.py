"""Signing in: the account's own pages, second factors, sessions, invitations. django-allauth does the work below."""
