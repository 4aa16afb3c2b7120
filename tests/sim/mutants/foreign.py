"""Bugs by somebody who has not read the simulator, and by nobody else."""

from tests.sim.mutants.mutant import Edit, Mutant

FOREIGN: tuple[Mutant, ...] = (
    Mutant(
        "stored value written, not subtracted",
        "An order writes the balance that it read less its part, over what came in between.",
        (
            Edit(
                "chalicelib/payments/balances.py",
                "    taken = parts.update(item, "
                "[BalanceItem.amount.add(-amount)], unusable, enough)\n",
                "    left = BalanceItem.amount.set(balance.amount - amount)\n"
                "    taken = parts.update(item, [left], unusable, enough)\n",
            ),
        ),
    ),
    Mutant(
        "refund without an answer is a no",
        "A refund without an answer is looked up once and, if not found, noted as failed.",
        (
            Edit(
                "chalicelib/payments/repaying.py",
                "    except (DeclinedError, RefusedError) as error:\n"
                '        alarm("Stripe refused a refund"',
                '    except GatewayError as error:\n        alarm("Stripe refused a refund"',
            ),
            Edit(
                "chalicelib/payments/repaying.py",
                "from chalicelib.payments.gateway import DeclinedError, RefusedError\n",
                "from chalicelib.payments.gateway import GatewayError\n",
            ),
        ),
    ),
    Mutant(
        "tips count as what is owed",
        "What is still to be captured is what is owed less all that was, tips included.",
        (
            Edit(
                "chalicelib/payments/finishing.py",
                "    left = owed - payment.taken\n",
                "    left = owed - payment.captured\n",
            ),
        ),
    ),
    Mutant(
        "a lease that has ended still holds",
        "A webhook lane counts as taken until its lease is given back, whatever its end.",
        (
            Edit(
                "chalicelib/integrations/lanes.py",
                "        return self.leased_until is None or self.leased_until "
                "<= clock.wall_now()\n",
                "        return self.lease is None\n",
            ),
        ),
    ),
    Mutant(
        "fee worked out before the race",
        "A cancellation's fee is that of the status before the race that it was part of.",
        (
            Edit(
                "chalicelib/orders/cancelling.py",
                '    """\n'
                "\n"
                "    def decide(order: Order) -> tuple[Part, ...]:\n"
                "        if _is_done(order, caller, right):\n"
                "            return ()\n"
                "        is_customers",
                '    """\n'
                "    seen = reading.find(order_id)\n"
                "    fee = int(seen.fees.get(seen.status, 0)) if seen else 0\n"
                "\n"
                "    def decide(order: Order) -> tuple[Part, ...]:\n"
                "        if _is_done(order, caller, right):\n"
                "            return ()\n"
                "        is_customers",
            ),
            Edit(
                "chalicelib/orders/cancelling.py",
                "            return customers_own(order, code, actor)\n",
                "            return customers_own(order, code, actor, fee)\n",
            ),
            Edit(
                "chalicelib/orders/cancelling.py",
                "def customers_own(order: Order, code: str, actor: str) -> tuple[Part, ...]:\n",
                "def customers_own(order: Order, code: str, actor: str, fee: int | None = None)"
                " -> tuple[Part, ...]:\n",
            ),
            Edit(
                "chalicelib/orders/cancelling.py",
                "    fee = int(order.fees.get(order.status, 0))\n    return parts_of",
                "    fee = int(order.fees.get(order.status, 0)) if fee is None else fee\n"
                "    return parts_of",
            ),
        ),
    ),
    Mutant(
        "counters read after the run",
        "A run of dispatch ends with the counters that it reads last, not first.",
        (
            Edit(
                "chalicelib/couriers/dispatching.py",
                "        before, changes = changes, supply.changes(zone)\n"
                "        if as_read and before == changes:\n",
                "        changes = supply.changes(zone)\n        if as_read:\n",
            ),
        ),
    ),
)
