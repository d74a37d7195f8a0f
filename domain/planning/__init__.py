"""The daily collection plan in plain Python: problem, solution, and the evaluator that judges each one."""

from domain.planning.diagnosis import Diagnosis, explain_container, explain_infeasible
from domain.planning.errors import InvalidProblem
from domain.planning.evaluate import evaluate, evaluate_tour
from domain.planning.evaluation import Cost, PlanEvaluation, Step, TourEvaluation, Violation
from domain.planning.problem import (
    UEUR_PER_EURO,
    ContainerTask,
    Depot,
    DisposalFacility,
    Matrix,
    PlanProblem,
    TimeWindow,
    Vehicle,
)
from domain.planning.solution import Collect, PlannedTour, PlanSolution, Unload, Unserved, Visit

__all__ = [
    "UEUR_PER_EURO",
    "Collect",
    "ContainerTask",
    "Cost",
    "Depot",
    "Diagnosis",
    "DisposalFacility",
    "InvalidProblem",
    "Matrix",
    "PlanEvaluation",
    "PlanProblem",
    "PlanSolution",
    "PlannedTour",
    "Step",
    "TimeWindow",
    "TourEvaluation",
    "Unload",
    "Unserved",
    "Vehicle",
    "Violation",
    "Visit",
    "evaluate",
    "evaluate_tour",
    "explain_container",
    "explain_infeasible",
]
