"""Who may do what: roles of API keys and permissions that organisations grant to each other."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The role of an API key within its organisation; each includes VIEWER."""

    VIEWER = "viewer"
    PLANNER = "planner"
    TRAFFIC = "traffic"
    INTEGRATOR = "integrator"
    OPERATOR = "operator"
    """All of the others."""

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        return other in (Role.VIEWER, self) or self is Role.OPERATOR


class Permission(StrEnum):
    """What an organisation lets another do with what it owns; PLAN and OPERATE include READ."""

    READ = "read"
    PLAN = "plan"
    OPERATE = "operate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """An authenticated caller: its organisation and role, and the organisations it may read, plan for and operate.

    `readable`, `plannable`, `operable` hold organisation ids and include its own. `installation_wide` shows what
    belongs to no organisation, such as messages of unknown devices; of other organisations it shows nothing.
    """

    organisation_id: int
    organisation_key: str
    role: Role
    readable: tuple[int, ...]
    plannable: tuple[int, ...]
    operable: tuple[int, ...]
    installation_wide: bool = False
