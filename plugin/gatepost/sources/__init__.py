"""The working directory, git, the clock: the rooms beyond this one read nothing."""

from gatepost.sources.clock import ClockError, judged_on
from gatepost.sources.history import GitHistory
from gatepost.sources.project import Project, ProjectError, find_project
from gatepost.sources.working_tree import WorkingTree

__all__ = ["ClockError", "GitHistory", "Project", "ProjectError", "WorkingTree", "find_project", "judged_on"]
