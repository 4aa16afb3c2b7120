"""Every module of acts, imported so that its acts are known."""

from tests.sim.acts import couriers, customers, kitchens, operators

MODULES = (customers, kitchens, couriers, operators)
