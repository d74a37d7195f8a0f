"""The collection plan in plain Python: problem, solution, and the evaluator that judges each one."""

from domain.planning.agreements import containers_left
from domain.planning.days import Day
from domain.planning.diagnosis import Diagnosis, explain_container, explain_infeasible
from domain.planning.errors import InvalidProblem
from domain.planning.evaluate import evaluate, evaluate_tour
from domain.planning.evaluation import (
    Cost,
    Delivery,
    PlanEvaluation,
    Step,
    StepKind,
    TourEvaluation,
    Violation,
)
from domain.planning.explain import explain
from domain.planning.explanation import Explanation, ItemExplanation, TourExplanation
from domain.planning.fleet import BreakRules, Chamber, Load, Lunch, Underway, Vehicle
from domain.planning.habits import Habits, UsualVisit
from domain.planning.insertion import Insertion
from domain.planning.periodic import Occasion, PeriodicContainer, SeveralDays, Waiting, several_days
from domain.planning.places import Depot, DisposalFacility, Matrix, Site, TimeWindow, TravelProfile
from domain.planning.problem import UEUR_PER_EURO, PlanProblem
from domain.planning.rhythm import Cycle, Interval, Once, Rhythm
from domain.planning.solution import Collect, Pause, PlannedTour, PlanSolution, Unload, Unserved, Visit
from domain.planning.tasks import Choice, ContainerTask

__all__ = [
    "UEUR_PER_EURO",
    "BreakRules",
    "Chamber",
    "Choice",
    "Collect",
    "ContainerTask",
    "Cost",
    "Cycle",
    "Day",
    "Delivery",
    "Depot",
    "Diagnosis",
    "DisposalFacility",
    "Explanation",
    "Habits",
    "Insertion",
    "Interval",
    "InvalidProblem",
    "ItemExplanation",
    "Load",
    "Lunch",
    "Matrix",
    "Occasion",
    "Once",
    "Pause",
    "PeriodicContainer",
    "PlanEvaluation",
    "PlanProblem",
    "PlanSolution",
    "PlannedTour",
    "Rhythm",
    "SeveralDays",
    "Site",
    "Step",
    "StepKind",
    "TimeWindow",
    "TourEvaluation",
    "TourExplanation",
    "TravelProfile",
    "Underway",
    "Unload",
    "Unserved",
    "UsualVisit",
    "Vehicle",
    "Violation",
    "Visit",
    "Waiting",
    "containers_left",
    "evaluate",
    "evaluate_tour",
    "explain",
    "explain_container",
    "explain_infeasible",
    "several_days",
]
