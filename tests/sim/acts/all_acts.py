"""Every module of acts, imported so that its acts are known."""

from tests.sim.acts import aftermath, couriers, customers, kitchens, operators, purses

MODULES = (customers, purses, kitchens, couriers, operators, aftermath)
