"""How a month passes: the Mesa model, the schedule, geography, and the ledger of what is observed."""

from .citizenship import LocalCitizenship
from .ledger import Ledger
from .population import Migrants

__all__ = ["Ledger", "LocalCitizenship", "Migrants"]
