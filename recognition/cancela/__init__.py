"""The default engine: find, rectify, read."""
