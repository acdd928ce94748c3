"""The working directory, git, the clock: the rooms beyond this one read nothing."""

from gatepost.sources.clock import ClockError, judged_on
from gatepost.sources.project import NoFolderError, Project, ProjectError, find_project
from gatepost.sources.revision import open_revision
from gatepost.sources.revision_tree import RevisionTree
from gatepost.sources.tree import Tree
from gatepost.sources.working_tree import WorkingTree

__all__ = [
    "ClockError",
    "NoFolderError",
    "Project",
    "ProjectError",
    "RevisionTree",
    "Tree",
    "WorkingTree",
    "find_project",
    "judged_on",
    "open_revision",
]
