"""Every module of acts, imported so that its acts are known."""

from tests.sim.acts import couriers, customers, giving, kitchens, operators

MODULES = (customers, giving, kitchens, couriers, operators)
