"""Statements: what binds names, what opens DAGs and groups, what repeats, and what may not run at all."""

from __future__ import annotations

import ast
from collections.abc import Callable

from gatepost.definitions.airflow.binding import Binding
from gatepost.definitions.airflow.graph import Dag, Group, Task
from gatepost.definitions.airflow.judging import is_same, truth
from gatepost.definitions.airflow.literals import LONGEST, compared, iterated
from gatepost.definitions.airflow.state import Flow, Interrupt, Stop
from gatepost.definitions.airflow.values import UNKNOWN, Output

__all__ = ["Statements"]


class Statements(Binding):
    """A walk through a file."""

    def body(self, statements: list[ast.stmt]) -> None:
        """Walk through statements; say what is drawn after a place where the body may have been left."""
        for statement in statements:
            self.spend()
            unsure = self.frames[-1].unsure
            if not unsure:
                self._statement(statement)
                continue
            left, mark = self.perhaps(lambda one=statement: self._statement(one))  # type: ignore[misc]
            if self.journal.has_drawn(mark):
                self.gap(statement, f"whether this is reached is not known: {unsure[-1]} may leave before")
            if left is not None:
                raise left

    def _statement(self, node: ast.stmt) -> None:  # noqa: C901, PLR0912 - one case for each kind of statement
        match node:
            case ast.Import() | ast.ImportFrom():
                self.import_names(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.define(node)
            case ast.ClassDef():
                self.define_class(node)
            case ast.Assign():
                value = self.value(node.value)
                for target in node.targets:
                    self.assign(target, value)
            case ast.AnnAssign(value=ast.expr() as given):
                self.assign(node.target, self.value(given))
            case ast.AugAssign():
                self.augment(node)
            case ast.Expr():
                self.value(node.value)
            case ast.With() | ast.AsyncWith():
                self._with(node)
            case ast.For() | ast.AsyncFor():
                self._for(node)
            case ast.While():
                self._while(node)
            case ast.If():
                self._if(node)
            case ast.Match():
                self._match(node)
            case ast.Try():
                self._try(node)
            case ast.Return():
                raise Flow("return", self.value(node.value) if node.value is not None else None)
            case ast.Break() | ast.Continue():
                raise Flow("break" if isinstance(node, ast.Break) else "continue")
            case ast.Raise():
                raise Stop
            case ast.Global() | ast.Nonlocal():
                self.frames[-1].outer_names.update(node.names)
            case ast.Delete():
                for target in node.targets:
                    self.assign(target, UNKNOWN)
            case _:
                pass

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        closing: list[Callable[[], object]] = []
        try:
            for item in node.items:
                value = self.value(item.context_expr)
                if isinstance(value, Dag):
                    self.open_dags.append(value)
                    closing.append(self.open_dags.pop)
                elif isinstance(value, Group):
                    self.open_groups.append(value)
                    closing.append(self.open_groups.pop)
                elif isinstance(value, Task | Output | list):
                    self._enter(node, value, closing)
                if item.optional_vars is not None:
                    self.assign(item.optional_vars, value)
            self.body(node.body)
        finally:
            for close in reversed(closing):
                close()

    def _enter(self, node: ast.AST, value: Task | Output | list[object], closing: list[Callable[[], object]]) -> None:
        task = value.tasks[0] if isinstance(value, Output) and len(value.tasks) == 1 else value
        if not isinstance(task, Task):
            self.gap(node, "a context of several setups or teardowns is not followed")
        elif self.enter_work(node, task):
            closing.append(lambda: self.leave_work(node))

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        rounds = iterated(self.value(node.iter))
        if rounds is None:
            self._any_number(node, lambda: self._round(node, UNKNOWN))
            self.body(node.orelse)
            return
        unsure, returned = len(self.frames[-1].unsure), len(self.frames[-1].returned)
        for one in rounds:
            self.spend()
            try:
                self._round(node, one)
            except Flow as left:
                if left.kind == "return":
                    raise
                if left.kind == "break":
                    break
        else:
            self.body(node.orelse)
        if len(self.frames[-1].returned) == returned:
            del self.frames[-1].unsure[unsure:]

    def _round(self, node: ast.For | ast.AsyncFor, value: object) -> None:
        self.assign(node.target, value)
        self.body(node.body)

    def _any_number(self, node: ast.stmt, walk: Callable[[], object]) -> None:
        what = "loop" if not isinstance(node, ast.While) else "while loop"
        left = self.guess(node, walk, f"how often this {what} runs is not known: it is not followed")
        if isinstance(left, Flow) and left.kind == "return":
            self._may_leave(left, f"the {what} of line {node.lineno}")

    def _may_leave(self, left: Flow, reason: str) -> None:
        self.frames[-1].unsure.append(reason)
        if left.kind == "return":
            self.frames[-1].returned.append(left.value)

    def _while(self, node: ast.While) -> None:
        told = truth(self.value(node.test))
        rounds = 0
        while told and rounds < LONGEST:
            self.spend()
            rounds += 1
            try:
                self.body(node.body)
            except Flow as left:
                if left.kind == "return":
                    raise
                if left.kind == "break":
                    return
            told = truth(self.value(node.test))
        if told is not False:
            self._any_number(node, lambda: self.body(node.body))
        self.body(node.orelse)

    def _if(self, node: ast.If) -> None:
        told = truth(self.value(node.test))
        if told is not None:
            self.body(node.body if told else node.orelse)
            return
        test = ast.unparse(node.test)[:60]
        branches = [self._under(f"if {test}", node.body), self._under(f"if not ({test})", node.orelse)]
        left = self.maybe(node, branches, f"what `if {test}` leaves out is not known")
        self._go_on(left, len(branches), f"`if {test}`")

    def _under(self, condition: str, statements: list[ast.stmt]) -> Callable[[], object]:
        def walk() -> None:
            self.conditions.append(condition)
            try:
                self.body(statements)
            finally:
                self.conditions.pop()

        return walk

    def _go_on(self, left: list[Interrupt], branches: int, reason: str) -> None:
        """Go on after branches of which some were left before their end."""
        flows = [one for one in left if isinstance(one, Flow)]
        if len(left) < branches:
            for one in flows:
                self._may_leave(one, reason)
        elif not flows:
            raise Stop
        else:
            first = flows[0]
            if any(one.kind != first.kind or not is_same(one.value, first.value) for one in flows):
                first = Flow(first.kind, UNKNOWN)
            raise first

    def _match(self, node: ast.Match) -> None:
        subject = ast.unparse(node.subject)[:60]
        value = self.value(node.subject)
        for case in node.cases:
            told = self._fits(case, value)
            if told:
                self.body(case.body)
                return
            if told is None:
                break
        else:
            return
        branches = [self._under(f"match {subject}", case.body) for case in node.cases]
        left = self.maybe(node, [*branches, lambda: None], f"what `match {subject}` leaves out is not known")
        self._go_on(left, len(branches) + 1, f"`match {subject}`")

    def _fits(self, case: ast.match_case, value: object) -> bool | None:
        """Tell whether a value is that of a case; None when that is not known."""
        if case.guard is not None:
            return None
        match case.pattern:
            case ast.MatchValue():
                return compared(ast.Eq(), value, self.value(case.pattern.value))
            case ast.MatchAs(pattern=None, name=None):
                return True
            case ast.MatchOr():
                told = [self._fits(ast.match_case(one, None, []), value) for one in case.pattern.patterns]
                return True if True in told else None if None in told else False
            case _:
                return None

    def _try(self, node: ast.Try) -> None:
        left, _ = self.perhaps(lambda: self.body([*node.body, *node.orelse]))
        message = "what happens when a part of the file fails is not followed"
        for handler in node.handlers:
            ways = self.maybe(handler, [self._under("except", handler.body), lambda: None], message)
            flows = [one for one in ways if isinstance(one, Flow)]
            for one in flows:
                if isinstance(left, Flow) and left.kind == one.kind:
                    left = left if is_same(left.value, one.value) else Flow(left.kind, UNKNOWN)
                else:
                    self._may_leave(one, f"the exception of line {handler.lineno}")
        self.body(node.finalbody)
        if left is not None and not (isinstance(left, Stop) and node.handlers):
            raise left
