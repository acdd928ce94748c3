"""What an expression of a DAG file may give, besides plain values and tasks."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field
from typing import Final

from gatepost.definitions.airflow.graph import Dag, Group, Task

__all__ = [
    "REST",
    "UNKNOWN",
    "Bound",
    "Decorator",
    "Definer",
    "FilePath",
    "Function",
    "Imported",
    "Inside",
    "Instance",
    "Label",
    "LocalClass",
    "Output",
    "PartialOperator",
    "PartlyKnown",
    "Scope",
    "Super",
    "Unknown",
]

REST: Final = "**"
"""The key under which a mapping, or the arguments of a call, keep that they hold more than is known."""
Scope = dict[str, object]
"""Names and what they hold."""

_KNOWN: Final = frozenset(
    (  # noqa: SIM905 - words read best as a text
        "airflow attr attrs boto3 botocore click croniter dateutil docker dotenv google jinja2 kubernetes loguru "
        "mlflow numpy omegaconf packaging pandas pendulum polars pydantic pyspark pytz redis requests sklearn "
        "slugify sqlalchemy structlog tenacity toml torch typing_extensions tzlocal wandb xgboost yaml"
    ).split()
)
"""Packages whose functions make no tasks, beside those of Python itself."""


class Unknown:
    """A value that the text alone does not tell."""

    def __init__(self, source: str = "") -> None:
        """Say what gives it, where that has a name."""
        self.source = source

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown()


class PartlyKnown(Unknown):
    """A text of which some pieces are not known; each of them stands as `{{ name }}`, as a template has them."""

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__()
        self.text = text


@dataclass(frozen=True, slots=True)
class Imported:
    """A name of another module, or one that nothing in the file binds."""

    name: str
    """With its module: `airflow.sdk.task`."""
    module: str = ""
    """The module that the import statement names; empty for a name that nothing binds."""
    is_told: bool = False
    """Whether a gap says already that it is not known."""

    @property
    def last(self) -> str:
        """The name itself."""
        return self.name.rpartition(".")[2]

    @property
    def is_class(self) -> bool:
        """Tell whether the name is written as that of a class."""
        return self.last.lstrip("_")[:1].isupper()

    @property
    def is_airflow(self) -> bool:
        """Tell whether it is Airflow's, or may be: a star import binds names that are not seen."""
        return not self.module or self.module.split(".")[0] == "airflow"

    @property
    def is_harmless(self) -> bool:
        """Tell whether calling it makes no tasks, as far as its module tells."""
        first = self.module.split(".")[0]
        return first in _KNOWN or first in sys.stdlib_module_names

    def attribute(self, name: str) -> Imported:
        """Give a name inside it."""
        return Imported(f"{self.name}.{name}", self.module, self.is_told)


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the file."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    closure: tuple[Scope, ...]
    """The scopes that it sees, from the outside in."""
    role: str = "plain"
    """task, group, dag, asset, plain; opaque for one whose decorator is not known."""
    options: dict[str, object] = field(default_factory=dict)
    flavour: str = ""
    """For a task: `branch`, `bash`, `sensor`, `short_circuit`, …"""
    is_setup: bool = False
    is_teardown: bool = False
    binding: str = ""
    """For one of a class: staticmethod, classmethod, property."""


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A function with some of its options or arguments given."""

    function: Function
    options: dict[str, object] = field(default_factory=dict)
    """What `override` gave."""
    given: tuple[object, ...] = ()
    named: dict[str, object] = field(default_factory=dict)
    """What `partial` gave."""


@dataclass(frozen=True, slots=True, eq=False)
class PartialOperator:
    """An operator before `expand`."""

    name: str
    options: dict[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """What tasks hand over, once they have run."""

    tasks: tuple[Task, ...]
    key: str = "return_value"


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """What a task, a group or a DAG keeps for itself: changing it changes the graph, unseen."""

    holder: Task | Group | Dag
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Definer:
    """The `task` of a DAG, as a decorator: `@dag.task`."""

    dag: Dag


@dataclass(frozen=True, slots=True, eq=False)
class Decorator:
    """A decorator with its options, which a function is still to be given to: `task(retries=2)`."""

    target: object
    node: ast.Call
    options: dict[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Super:
    """What `super()` gives in a method."""

    instance: Instance
    above: LocalClass


@dataclass(slots=True, eq=False)
class Label:
    """A label of an edge: it joins what stands on its two sides."""

    before: list[object] = field(default_factory=list)
    after: list[object] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class LocalClass:
    """A class of the file."""

    name: str
    node: ast.ClassDef
    scope: Scope
    bases: tuple[object, ...]
    is_record: bool = False
    """Whether its fields are its arguments: a dataclass, a named tuple."""

    def find(self, name: str) -> object:
        """Give what a name of the class holds, its own or that of a class of the file above it."""
        if name in self.scope:
            return self.scope[name]
        above = (base.find(name) for base in self.bases if isinstance(base, LocalClass))
        return next((one for one in above if not isinstance(one, Unknown)), UNKNOWN)

    def ends_with(self, endings: tuple[str, ...]) -> bool:
        """Tell whether a class above it, or itself, is called so."""
        return self.name.endswith(endings) or any(
            base.ends_with(endings)
            if isinstance(base, LocalClass)
            else isinstance(base, Imported) and base.last.endswith(endings)
            for base in self.bases
        )


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """An object of a class of the file."""

    of: LocalClass
    attributes: Scope = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FilePath:
    """The path of the DAG file, which the text knows as `__file__`."""

    path: str

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """Its last part without the ending."""
        return self.name.rpartition(".")[0] or self.name
