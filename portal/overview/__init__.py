"""The manager's first page, a module for each of its parts."""
