"""Problems and solutions in files: the families that route optimisers are measured on, and our own JSON."""

from processing.routing.formats.errors import BadInstance
from processing.routing.formats.guess import FORMATS, read_instance
from processing.routing.formats.instance import Instance

__all__ = ["FORMATS", "BadInstance", "Instance", "read_instance"]
