"""Addresses of this face."""

from django.urls import path

from portal.console import shifts, steps, views

app_name = "console"
urlpatterns = [
    path("", views.screen, name="screen"),
    path("stream", views.stream, name="stream"),
    path("lanes/<int:lane>/open", steps.open_gate, name="open"),
    path("lanes/<int:lane>/visitor", steps.visitor, name="visitor"),
    path("lanes/<int:lane>/units", steps.units, name="units"),
    path("passages/<uuid:passage>/turn-away", steps.turn_away, name="turn_away"),
    path("passages/<uuid:passage>/correct", steps.correct, name="correct"),
    path("passages/<uuid:passage>/plates", steps.plates, name="plates"),
    path("condominiums/<int:condominium>/take-over", shifts.take_over, name="take_over"),
    path("condominiums/<int:condominium>/notes", shifts.leave_note, name="leave_note"),
    path("notes/<int:note>/done", shifts.finish_note, name="finish_note"),
]
