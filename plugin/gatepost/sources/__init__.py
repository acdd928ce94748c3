"""The working directory, git, the clock: the rooms beyond this one read nothing."""

from gatepost.sources.checkout import checkout
from gatepost.sources.clock import ClockError, judged_on
from gatepost.sources.history import GitHistory
from gatepost.sources.project import NoFolderError, Project, ProjectError, find_project
from gatepost.sources.repository import Repository
from gatepost.sources.revision import open_revision
from gatepost.sources.revision_tree import RevisionTree
from gatepost.sources.snapshots import Snapshot, snapshots
from gatepost.sources.taken import Taken, taken_on_branches
from gatepost.sources.tree import Tree
from gatepost.sources.working_tree import WorkingTree

__all__ = [
    "ClockError",
    "GitHistory",
    "NoFolderError",
    "Project",
    "ProjectError",
    "Repository",
    "RevisionTree",
    "Snapshot",
    "Taken",
    "Tree",
    "WorkingTree",
    "checkout",
    "find_project",
    "judged_on",
    "open_revision",
    "snapshots",
    "taken_on_branches",
]
