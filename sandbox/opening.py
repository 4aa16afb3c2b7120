"""Opens the city in a sandbox that is up: sign-ins, stores, and what a person reads then."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sandbox import guides, people, tour
from sandbox.city.client import Api
from sandbox.city.offering import offer
from sandbox.city.quarter import SEED, quarter
from sandbox.city.seeding import seed
from sandbox.running import Sandbox, healthy

PATIENT = 30.0


def open_city(box: Sandbox, *, say: Callable[[str], None]) -> None:
    """Sign-ins, thirty stores through the public API, and the tour's context. Safe to repeat."""
    began = time.monotonic()
    say("Waking the API ...")
    healthy(box)
    say(f"  done in {time.monotonic() - began:.1f} s")
    cognito = box.cloud.client("cognito-idp")
    people.create(cognito, box.deployment.pool_id)
    began = time.monotonic()

    def told(done: int, total: int) -> None:
        if done % 5 == 0 or done == total:
            say(f"  {done} of {total} stores are open")

    say("Opening the city quarter: its stores, menus, machines and webhooks ...")

    def signed_in(person: people.Person) -> Api:
        return Api(box.api, people.sign_in(cognito, box.client_id, person.email))

    seed(
        quarter(SEED),
        box.run_dir / "city.json",
        owner=signed_in(people.OWNER),
        operator=signed_in(people.OPERATOR),
        receiver=Api(box.receiver),
        receiver_url=box.receiver,
        progress=told,
    )
    offer(SEED, box.run_dir / "city.json", owner=signed_in(people.OWNER))
    say(f"  done in {time.monotonic() - began:.1f} s")
    tour.save(context(box), box.run_dir / "tour.json")
    guides.save(context(box), box.run_dir)


def context(box: Sandbox) -> tour.Context:
    """Where the tour's lines go. With a key of Stripe's own, its publishable key is needed too."""
    made = tour.Context(
        api=box.api,
        cognito=box.cloud.endpoint,
        client_id=box.client_id,
        stripe=box.stripe,
        receiver=box.receiver,
        city=str(box.run_dir / "city.json"),
        push=box.push,
    )
    if not box.real_stripe:
        return made
    key = os.environ.get("STRIPE_PUBLISHABLE_KEY", "pk_test_...")
    return replace(made, stripe="https://api.stripe.com", publishable_key=key)


def welcome(box: Sandbox) -> str:
    """URLs, sign-ins, and the tour of lines that work one after another."""
    width = max(len(person.email) for person in people.EVERYBODY)
    signs = "\n".join(
        f"    {person.email:<{width}}  {person.role:<9} {person.name}"
        for person in people.EVERYBODY
    )
    stripe = "Stripe itself, test mode" if box.real_stripe else f"{box.stripe} (the fake)"
    steps = "\n\n".join(
        tour.told(number, step) for number, step in enumerate(tour.tour(context(box)), start=1)
    )
    ready = time.monotonic() - box.began
    return f"""
Ieum is open. (Ready in {ready:.0f} s; everything listens on this machine only.)

  Open it in a browser: three phones, one city

                 {box.web}/

  API            {box.api}
  its document   {box.api}/openapi.json
  stores' board  {box.receiver}/board
  Stripe         {stripe}
  pushes         {box.push}/inbox/<push token>
  logs           {Path(box.run_dir).absolute()}/*.log

  Sign-ins (password {people.PASSWORD}):
{signs}

A tour: copy these lines into another terminal (bash), one after another.
Or let it run by itself there: .venv/bin/python -m sandbox.tour --run

{steps}

Ctrl-C stops everything; the state is kept. `make clean` forgets it.
"""
