"""Pipelines for kfp to compile. In a module of its own: kfp reads the source of components when the module runs."""

import random

from kfp import dsl

__all__ = ["branching", "nested", "random_pipeline", "release"]


@dsl.component(base_image="python:3.12")
def measure() -> float:
    """Measure the candidate."""
    return 0.5


@dsl.component(base_image="python:3.12")
def use(value: float) -> str:
    """Use what was measured."""
    return str(value)


@dsl.component(base_image="python:3.12")
def listing() -> list:
    """List what there is."""
    return [1.0, 2.0]


@dsl.component(base_image="python:3.12")
def tidy() -> None:
    """Clean up."""
    return


@dsl.component(base_image="python:3.12")
def fit(data: dsl.Input[dsl.Dataset], model: dsl.Output[dsl.Model]) -> None:
    """Fit a model."""
    del data, model


@dsl.pipeline(name="release")
def release() -> None:
    """Run with a condition, a loop, an exit handler, and a task that runs whatever happened."""
    last = tidy()
    with dsl.ExitHandler(last):
        auc = measure().set_retry(num_retries=2)
        used = use(value=auc.output)
        with dsl.If(auc.output > 0.3):
            inner = use(value=auc.output)
            tidy().after(inner)
        with dsl.ParallelFor([1, 2, 3]):
            use(value=auc.output)
        tidy().after(used).ignore_upstream_failure()


@dsl.pipeline(name="inner")
def inner_pipeline(value: float) -> str:
    """Run inside another pipeline."""
    first = use(value=value).set_retry(num_retries=1).after(tidy())
    return use(value=value).after(first).ignore_upstream_failure().output


@dsl.pipeline(name="nested")
def nested() -> None:
    """Import data, fit on it, and run a pipeline inside of loops inside of conditions."""
    data = dsl.importer(artifact_uri="gs://data/x", artifact_class=dsl.Dataset, reimport=False)
    model = fit(data=data.output)
    auc = measure().after(model)
    found = listing()
    with dsl.If(auc.output > 0.9, "good"), dsl.ParallelFor(found.output, parallelism=2) as one:
        part = inner_pipeline(value=one)
        tidy().after(part)


@dsl.pipeline(name="branching")
def branching() -> str:
    """Take one of three ways, and go on with what that one gave."""
    auc = measure()
    with dsl.If(auc.output > 0.9):
        first = use(value=auc.output)
    with dsl.Elif(auc.output > 0.5):
        second = use(value=measure().output)
    with dsl.Else():
        third = use(value=0.0)
    chosen = dsl.OneOf(first.output, second.output, third.output)
    use(value=1.0).after(auc)
    return chosen


def random_pipeline(seed: int) -> object:  # noqa: C901 - one case for each thing that kfp has
    """Make a pipeline with random tasks, conditions, loops and order."""
    draw = random.Random(seed)  # noqa: S311 - a pipeline, no secret

    def block(depth: int, known: list) -> None:
        for _ in range(draw.randint(2, 5)):
            kind = draw.randrange(7 if depth < 3 else 4)
            if kind < 4 or not known:
                task = use(value=draw.choice(known).output) if known and kind < 2 else measure()
                if kind == 1:
                    task.set_retry(num_retries=draw.randint(1, 4))
                if known and kind == 3:
                    task.after(*draw.sample(known, min(len(known), 2)))
                    if draw.random() < 0.5:
                        task.ignore_upstream_failure()
                if kind >= 2 or not known:
                    known = [*known, task]
            elif kind == 4:
                with dsl.If(draw.choice(known).output > 0.5):
                    block(depth + 1, known)
            elif kind == 5:
                with dsl.ParallelFor([1.0, 2.0]):
                    block(depth + 1, known)
            else:
                with dsl.ParallelFor(listing().output):
                    block(depth + 1, known)

    @dsl.pipeline(name=f"random-{seed}")
    def made() -> None:
        block(0, [])

    return made
