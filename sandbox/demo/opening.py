"""Before the curtain rises: everybody's sign-in, and the stores, through the API."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from sandbox import people
from sandbox.city.client import Api
from sandbox.city.record import Record
from sandbox.city.seeding import seed
from sandbox.city.streets import CITY
from sandbox.demo.plan import Plan
from sandbox.people import Person
from sandbox.robo.ordering import CODE
from sandbox.running import Sandbox

LONGEST_VISIBILITY = 20
PROMOTION = {
    "names": {"ko": "저녁 할인", "en": "This evening"},
    "benefit": {"type": "percentage", "basis_points": 1000, "most": 3000},
    "code": CODE,
    "budget": 10_000_000,
    "scope": {"type": "cities", "cities": [CITY]},
    "group": "code",
    "sponsors": {"platform": 10_000, "merchant": 0},
    "currency": "KRW",
}


def open_city(box: Sandbox, plan: Plan, stores: Collection[str]) -> Record:
    """Everybody's sign-in, and these stores live with their tills and webhooks."""
    cognito = box.cloud.client("cognito-idp")
    people.create(cognito, box.deployment.pool_id, [people.OWNER, people.OPERATOR])
    _enrol(box, plan)
    wanted = [store for store in plan.quarter.stores if store.slug in stores]
    path = box.run_dir / "city.json"
    seed(
        type(plan.quarter)(plan.quarter.seed, plan.zone, plan.quarter.merchant, wanted, ()),
        path,
        owner=Api(box.api, people.sign_in(cognito, box.client_id, people.OWNER.email)),
        operator=Api(box.api, people.sign_in(cognito, box.client_id, people.OPERATOR.email)),
        receiver=Api(box.receiver),
        receiver_url=box.receiver,
    )
    operator = Api(box.api, people.sign_in(cognito, box.client_id, people.OPERATOR.email))
    key = f"promotion-{plan.quarter.seed}"
    operator.call("POST", "/v1/promotions", PROMOTION, key=key, why="For the evening.")
    return Record(path)


def _enrol(box: Sandbox, plan: Plan) -> None:
    """Robo customers and couriers, by the pool's admin API; two at a time."""
    everybody = [Person(email, "Robo", "customer") for email in plan.customers]
    everybody += [Person(rider.email, rider.name, "courier") for rider in plan.riders]
    cognito = box.cloud.client("cognito-idp")

    def make(person: Person) -> None:
        people.create(cognito, box.deployment.pool_id, [person])

    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(make, everybody))


def tune(box: Sandbox, rate: float) -> None:
    """Fit what listens to queues to this machine and to the city's speed.

    What failed comes again as much sooner as everything else here is faster. And a function that
    hears a queue runs once at a time: the embedded cloud would start up to five, each with seconds
    of work for the processor before it does anything, just when there is too much to do already.
    """
    sqs, functions = box.cloud.client("sqs"), box.cloud.client("lambda")
    for name, url in box.deployment.queues.items():
        if not name.endswith("Dead"):
            now = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
            seconds = int(now["Attributes"]["VisibilityTimeout"])
            hurried = str(max(min(seconds, LONGEST_VISIBILITY), int(seconds / rate)))
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": hurried})
    for page in functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            if ":sqs:" in mapping["EventSourceArn"]:
                name = mapping["FunctionArn"].rpartition(":")[2]
                functions.put_function_concurrency(
                    FunctionName=name, ReservedConcurrentExecutions=1
                )
