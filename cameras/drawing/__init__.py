"""Drawn traffic of our own: plates, vehicles and a gate, so that no photograph of others is needed."""
