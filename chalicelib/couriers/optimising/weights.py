"""What the optimiser weighs against what: everything in minutes that one person waits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """One set for every city. docs/dispatch.md tells how each was measured."""

    wait: float = 25.0
    """An order that nobody is given is taken to be picked up so many minutes from now."""
    late: float = 120.0
    """For each order that comes too late."""
    risk: float = 60.0
    """From so many minutes before the last moment on, going without costs a growing part of it."""
    lost: float = 0.1
    """A minute of an order that nobody can bring in time: others may still be in time."""
    behind: float = 20.0
    """After so many minutes a lost order begins to press, more and more."""
    work: float = 0.05
    """For each minute of a courier's time."""
    ride: float = 0.01
    """For each minute of the way to the store: of equal couriers the nearest."""
    pay: float = 2.0
    """For an order that has to be paid beyond what its courier is guaranteed anyway."""
    fair: float = 2.0
    """For each order an hour that a courier has had beyond the guaranteed pace (at most one)."""
    horizon: float = 25.0
    """Orders that are ready, and couriers who are free, within so many minutes are thought of."""
    couriers: int = 40
    """So many couriers, the best, are considered for an order."""
    rounds: int = 3
    """How often orders may be joined, and assigned anew."""


WEIGHTS = Weights()
