"""The resident's pages: vehicles, guests and passages of the own unit, on a phone."""
