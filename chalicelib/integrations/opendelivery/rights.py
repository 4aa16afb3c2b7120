"""Who may do what by Open Delivery. What changes an order asks for the order's own row besides."""

from chalicelib.core.rights import ALWAYS, Owning, Right, Role

EVENTS = Right("opendelivery.events", {(Role.STORE, Owning.OWN): ALWAYS})
