"""Inner Circle: yearly elite networks from a coded source, and purges as their outcome.

The stages, in the order in which data flows; imports point only backwards along this line::

    data -> networks -> measures -> panel -> inference -> claims -> output
"""

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from innercircle.networks.evidence import evidence

__version__ = version("innercircle")
__all__ = ["__version__", "evidence"]


def __getattr__(name: str) -> Any:
    # on first use: `import innercircle` alone, as by the command line, stays light
    if name == "evidence":
        from innercircle.networks.evidence import evidence

        return evidence
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
