"""What to do about a picture that does not come: one sentence for each problem."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cameras.problems import Problem

ADVICE: dict[Problem, Any] = {
    Problem.WRONG_PASSWORD: _(
        "Check user and password by signing in at the recorder itself. Do not try many: "
        "it locks the account at the fifth."
    ),
    Problem.STOPPED: _("Enter user and password again; then it is asked once more."),
    Problem.FORBIDDEN: _("Give this user the right to see live pictures, in the recorder's list of users."),
    Problem.NOT_FOUND: _("Check the make and the channel. For another make: the path of the picture."),
    Problem.BUSY: _("Wait a minute, and close other programs that show its pictures."),
    Problem.WAITING: _("Wait a minute and try again."),
    Problem.TIMEOUT: _("Check the address and the port, and whether the recorder is on."),
    Problem.UNREACHABLE: _(
        "Check the address and the port, whether the recorder is on, and whether this server is on the same network."
    ),
    Problem.NOT_AN_IMAGE: _(
        "Check the make: another one answers at this address. HTTPS or HTTP may be the wrong way round."
    ),
    Problem.TRUNCATED: _("The network between here and the recorder loses data: check its cable or its Wi-Fi."),
    Problem.EMPTY: _("Check whether a camera is connected to this channel and gives a picture at the recorder itself."),
    Problem.TOO_LARGE: _("Choose a smaller resolution for the pictures of this channel, at the recorder."),
    Problem.SAME_FRAME: _("Restart the camera or the recorder if the picture at the recorder itself stands still too."),
    Problem.BAD_ANSWER: _("Check the make and the address: this may be no recorder."),
    Problem.NO_PICTURE: _("Choose another source: this one gives pictures only when they are sent."),
    Problem.NO_QUEUE: _("Tell whoever keeps this server: a service of it (Redis or Valkey) is not running."),
}
