"""What a planning problem may be refused for, below the root of `domain.errors`.

PlanningError
└── InvalidProblem
"""

from domain.errors import PlanningError


class InvalidProblem(PlanningError):
    """The planning problem contradicts itself; the message names the field and how to mend it."""
