"""Every module of acts, imported so that its acts are known."""

from tests.sim.acts import (
    aftermath,
    bargains,
    couriers,
    crowds,
    customers,
    guests,
    kitchens,
    later,
    operators,
    opinions,
    purses,
    regrets,
    running_out,
    shifts,
    tills,
)

MODULES = (
    customers,
    purses,
    kitchens,
    couriers,
    operators,
    aftermath,
    later,
    crowds,
    shifts,
    bargains,
    regrets,
    opinions,
    running_out,
    guests,
    tills,
)
