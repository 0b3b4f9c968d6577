"""Addresses of sign-in and account. Ours stand before allauth's of the same name."""

from django.urls import include, path

from portal.accounts import invitation_views, views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("invitation/", invitation_views.InvitationView.as_view(), name="account_invitation"),
    path("invitation/<str:token>/", invitation_views.opened, name="account_invitation_link"),
    path("sessions/", views.SessionsView.as_view(), name="usersessions_list"),
    path("sessions/end-all/", views.end_all_sessions, name="end_all_sessions"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("2fa/", views.SecondFactorView.as_view(), name="mfa_index"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
