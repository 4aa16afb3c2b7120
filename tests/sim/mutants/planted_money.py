"""Bugs in payments: keys, phases, captures, voids, refunds, the ledger."""

from tests.sim.mutants.mutant import Edit, Mutant

PAY = "chalicelib/payments/"

MONEY = (
    Mutant(
        "idempotency key dropped",
        "An intent is made without a key: whoever repeats the request makes another.",
        (
            Edit(
                PAY + "gateway.py",
                '{"idempotency_key": key(subject, leg, "auth", attempt)},',
                "{},",
            ),
        ),
    ),
    Mutant(
        "key without attempt",
        "After a definitive no the same key is used again, and Stripe repeats its no.",
        (
            Edit(
                PAY + "gateway.py",
                'return f"{settings().tables}:{subject}:{leg}:{operation}:{attempt}"',
                'return f"{settings().tables}:{subject}:{leg}:{operation}"',
            ),
        ),
    ),
    Mutant(
        "attempt moves on timeout",
        "An unknown outcome counts as a no: the next try has another key, and acts again.",
        (
            Edit(
                PAY + "opening.py",
                "    except gateway.GatewayError as error:\n        tell",
                "    except gateway.GatewayError as error:\n"
                "        parts.commit(*changing.try_anew(payment, leg))\n        tell",
            ),
        ),
    ),
    Mutant(
        "phases swapped",
        "Stripe is asked before the order and its payment are written down.",
        (
            Edit(
                PAY + "checkout.py",
                "        parts.commit(claim, *placement.parts, *opened)\n",
                "        for leg in _to_confirm(payment):\n"
                "            opening.intent_of(payment, leg)\n"
                "        parts.commit(claim, *placement.parts, *opened)\n",
            ),
        ),
    ),
    Mutant(
        "capture before created",
        "The money is taken as soon as the customer confirms, before the store sees the order.",
        (
            Edit(
                PAY + "gateway.py", '"capture_method": "manual",', '"capture_method": "automatic",'
            ),
        ),
    ),
    Mutant(
        "capture twice on a race",
        "Two that capture at once both count it, since nothing of the write is conditional.",
        (
            Edit(
                PAY + "changing.py",
                "        [PaymentHead.version.set(version), *head],\n        BusyError(),\n"
                "        PaymentHead.version == payment.version,\n",
                "        [PaymentHead.version.set(version), *head],\n        BusyError(),\n"
                "        PaymentHead.pk.exists(),\n",
            ),
            Edit(
                PAY + "changing.py",
                "        LegItem.status == change.leg.status,\n",
                "        LegItem.pk.exists(),\n",
            ),
            Edit(
                "chalicelib/core/outbox.py",
                "    return parts.put(event, BusyError())\n",
                "    return parts.overwrite(event)\n",
            ),
            Edit(
                PAY + "settling.py",
                'payment.subject, f"capture:{leg.id}:{leg.attempt}", leg.currency, posted',
                'payment.subject, f"capture:{leg.id}:{id(leg)}", leg.currency, posted',
            ),
        ),
    ),
    Mutant(
        "void ignored for a late success",
        "Money that is held for an order which is over by then stays held.",
        (
            Edit(
                PAY + "settling.py",
                "        actions = _let_go(payment)\n",
                "        actions = changing.held(payment, intent.capture_before)\n",
            ),
            Edit(
                PAY + "finishing.py",
                "        return Step(leg, Operation.VOID, 0)\n    return None\n",
                "        if leg.is_open:\n"
                "            return Step(leg, Operation.VOID, 0)\n    return None\n",
            ),
        ),
    ),
    Mutant(
        "refund without counter",
        "What was given back before is not counted: the same money goes back again.",
        (
            Edit(
                PAY + "returning.py",
                "            [LegItem.refunded.set(leg.refunded + amount)],\n"
                "            to=after(leg.status, _command(leg, amount)),\n",
                "            [],\n            to=after(leg.status, _command(leg, amount)),\n",
            ),
        ),
    ),
    Mutant(
        "hold read through an index",
        "Which payments hold money is read from an index, which lags.",
        (
            Edit(
                PAY + "finishing.py",
                "from chalicelib.payments.models import PaymentHead\n",
                "from chalicelib.payments.models import LegItem, PaymentHead\n",
            ),
            Edit(
                PAY + "finishing.py",
                "    left = owed - payment.taken\n",
                "    left = owed - payment.taken\n"
                "    shard = changing.due_shard(payment.subject)\n"
                "    held = [one.sk for one in LegItem.due.query(shard)]\n",
            ),
            Edit(
                PAY + "finishing.py",
                "        if leg.is_tip or leg.status not in HOLDING:\n",
                "        if leg.is_tip or leg.status not in HOLDING"
                ' or f"LEG#{leg.id}" not in held:\n',
            ),
        ),
    ),
    Mutant(
        "stored value returned twice",
        "What an order does not need goes back to its account outside of the transaction.",
        (
            Edit(
                PAY + "balances.py",
                '    return _added(str(leg.balance_id), amount, f"back:{leg.id}", "order")\n',
                '    ref = ids.new("mov")\n'
                '    parts.commit(*_added(str(leg.balance_id), amount, ref, "order"))\n'
                "    return ()\n",
            ),
        ),
    ),
    Mutant(
        "ledger put without condition",
        "A transaction of the ledger may be put again, over the one that is there.",
        (
            Edit(
                PAY + "ledger.py",
                "        parts.put(\n            LedgerEntry(",
                "        parts.overwrite(\n            LedgerEntry(",
            ),
            Edit(
                PAY + "ledger.py",
                "            ),\n            BusyError(),\n        )\n",
                "            ),\n        )\n",
            ),
            Edit(
                PAY + "changing.py",
                "        [PaymentHead.version.set(payment.version + 1), *actions],\n"
                "        BusyError(),\n        PaymentHead.version == payment.version,\n",
                "        [PaymentHead.version.set(payment.version + 1), *actions],\n"
                "        BusyError(),\n        PaymentHead.pk.exists(),\n",
            ),
        ),
    ),
    Mutant(
        "rounding by float",
        "A portion is worked out in floats and rounded to the even neighbour.",
        (
            Edit(
                "chalicelib/core/money.py",
                "    return sign * (doubled // (2 * BASIS_POINTS))\n",
                "    return sign * round(doubled / (2 * BASIS_POINTS) - 0.5)\n",
            ),
        ),
    ),
    Mutant(
        "money of a cancelled order never voided",
        "Where nothing is owed nothing is done, though money is held.",
        (
            Edit(
                PAY + "finishing.py",
                "        if payment is None or standing is None or standing.owed is None:\n",
                "        if payment is None or standing is None or not standing.owed:\n",
            ),
        ),
    ),
    Mutant(
        "capture of the estimate",
        "What was held is taken, instead of what is owed in the end.",
        (
            Edit(
                PAY + "finishing.py",
                "            return Step(leg, Operation.CAPTURE, min(left, leg.amount))\n",
                "            return Step(leg, Operation.CAPTURE, leg.amount)\n",
            ),
        ),
    ),
)
