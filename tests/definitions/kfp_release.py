"""A pipeline in Kubeflow's own language; it reads the annotations of its components while the program runs."""

from kfp import dsl

__all__ = ["release"]


@dsl.component(base_image="python:3.12")
def measure() -> float:
    """Measure the candidate."""
    return 0.5


@dsl.component(base_image="python:3.12")
def use(value: float) -> str:
    """Use what was measured."""
    return str(value)


@dsl.component(base_image="python:3.12")
def tidy() -> None:
    """Clean up."""
    return


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
