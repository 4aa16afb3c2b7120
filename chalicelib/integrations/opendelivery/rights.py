"""Who may do what by Open Delivery. What changes an order asks for the order's own row besides."""

from chalicelib.core.rights import ALWAYS, Owning, Right, Role

TAKE_IN = Right("store.take_in", {(Role.STORE, Owning.OWN): ALWAYS})
"""What a store's own system says of its hours, areas and kitchen, where it was told to onboard."""
EVENTS = Right("opendelivery.events", {(Role.STORE, Owning.OWN): ALWAYS})
