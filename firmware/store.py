"""Files in flash. A file takes the place of another whole or not at all, also where the power goes in between."""

import os

SIZE = 6


class Store:
    def __init__(self, folder, log):
        self._folder, self._log = folder, log

    def _path(self, name):
        return "%s/%s" % (self._folder, name) if self._folder else name

    def size(self, name):
        try:
            return os.stat(self._path(name))[SIZE]
        except OSError:
            return 0

    def read(self, name, start, count):
        """Up to `count` bytes from `start` on; none of a file that is not there."""
        try:
            with open(self._path(name), "rb") as file:
                file.seek(start)
                return file.read(count)
        except OSError:
            return b""

    def append(self, name, data):
        """Whether it was written."""
        return self._written(name, "ab", data)

    def replace(self, name, data):
        return self._written(name + ".new", "wb", data) and self.move(name + ".new", name)

    def _written(self, name, how, data):
        try:
            with open(self._path(name), how) as file:
                file.write(data)
            return True
        except OSError as error:
            self._log("store: %s is not written: %s" % (name, error))
            return False

    def move(self, name, to):
        """Let a file take the place of another."""
        try:
            os.rename(self._path(name), self._path(to))
            return True
        except OSError as error:
            self._log("store: %s stays as it is: %s" % (to, error))
            return False

    def remove(self, name):
        try:
            os.remove(self._path(name))
        except OSError:
            pass  # there was none
