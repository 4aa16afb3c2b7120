"""The laws of money."""
