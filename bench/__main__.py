"""`python -m bench`: what an order asks of AWS and costs, in larger cities too; cold starts."""

import json
import sys
from pathlib import Path

from bench import environment, imports

OUT = Path("build")


def main() -> int:
    """Play, count, price, print, and write build/bench.json. 1: a larger city asks for more."""
    environment.prepare()
    from bench import bill, cities, model, shown, town
    from bench.story import Story
    from infra import cost, packaging
    from tests import tables

    template = tables.template()
    functions = model.functions(template)
    with town.opened(environment.STACK) as there:
        runs = Story(there).play()
        modules = there.modules()
    secrets = bill.secrets_of(template, {run.function for run in runs})
    groups = bill.bill(runs, functions, secrets)
    shared = bill.shared(groups)
    at_rest = cost.total(cost.bill(packaging.package(OUT, "local").template()))
    times = imports.measured(modules)
    sent = sum(run.sent_bytes for run in runs)
    print(shown.report(groups, shared, runs, functions, times, at_rest, sent))
    grown = cities.figures()
    faults = list(cities.faults(grown))
    print("\n".join(["", *cities.shown(grown), *faults]))
    OUT.mkdir(exist_ok=True)
    figures = {
        **shown.as_json(groups, shared, runs, times, at_rest, sent),
        "cities": cities.as_json(grown),
    }
    (OUT / "bench.json").write_text(json.dumps(figures, indent=2) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
