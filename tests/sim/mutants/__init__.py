"""Planted bugs: whether the world notices. Each is a copy of the source with some lines wrong."""
