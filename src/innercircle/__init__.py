"""Inner Circle: yearly elite networks from a coded source, and purges as their outcome.

The stages, in the order in which data flows; imports point only backwards along this line::

    data -> networks -> measures -> panel -> inference -> claims -> output
"""

from importlib.metadata import version

__version__ = version("innercircle")
