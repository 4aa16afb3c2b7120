"""Schemathesis against the whole document: every phase, good requests and bad ones."""
