"""Arguments of tests, as a table of claims writes them: ``name=value;name=value``.

What a value means follows from the argument's name: ``person`` is a person_id, ``persons`` several
joined by ``+``, ``period`` an EDTF date, and so on. Every fault is reported with the nearest known
word.
"""

from __future__ import annotations

import inspect
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from innercircle.claims.spans import DAYS, span
from innercircle.claims.verdicts import DIRECTIONS, QUANTIFIERS, READINGS
from innercircle.errors import did_you_mean
from innercircle.measures.resampling import TOPS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from innercircle.claims.evidence import ClaimData

# Where the words that an argument may take are found in a study: table and column.
_COLUMNS = {
    "person": ("persons", "person_id"),
    "other": ("persons", "person_id"),
    "body": ("bodies", "body_id"),
    "other_body": ("bodies", "body_id"),
    "event": ("events", "event_id"),
    "other_event": ("events", "event_id"),
    "basis": ("ties", "basis"),
    "certainty": ("events", "certainty"),
}
_LISTS = {
    "persons": ("persons", "person_id"),
    "others": ("persons", "person_id"),
    "then": ("persons", "person_id"),
    "without": ("persons", "person_id"),
    "bodies": ("bodies", "body_id"),
    "roles": ("memberships", "role"),
    "other_roles": ("memberships", "role"),
    "outcomes": ("fates", "outcome"),
    "other_outcomes": ("fates", "outcome"),
    "relations": ("ties", "relation"),
    "among_relations": ("ties", "relation"),
    "kinds": ("events", "kind"),
    "among": ("events", "kind"),
}
_GOODS = ("visits", "minutes", "hours")
_WORDS: dict[str, Collection[str]] = {
    "reading": READINGS,
    "direction": DIRECTIONS,
    "quantifier": tuple(QUANTIFIERS),
    "unit": tuple(DAYS),
    "good": _GOODS,
    "end": ("source", "target"),
    "leader": ("with", "without"),
}
_SPANS = ("date", "period", "earlier", "later", "since", "start", "stop")
_YEARS = ("years", "years_before", "years_after")
_WHOLE = ("k", "threshold")
# Tests that take persons and others one by one.
_PAIRED = ("seats_followed", "tie_pairs")


def parse_arguments(
    text: str, test: Callable[..., Any], data: ClaimData
) -> tuple[dict[str, Any], list[str]]:
    """Return the arguments of a test, and what is wrong with them.

    Parameters
    ----------
    text : str
        ``name=value;name=value``; lists are joined by ``+``, dates are EDTF.
    test : callable
        A registered test; its parameters after the first are the arguments it takes.
    data : ClaimData
        Where persons, bodies, events and the like are known from.
    """
    parameters = list(inspect.signature(test).parameters.values())[1:]
    known = [parameter.name for parameter in parameters]
    values: dict[str, Any] = {}
    faults = []
    for part in filter(None, text.split(";")):
        name, equals, value = part.strip().partition("=")
        if not equals or not value:
            faults.append(f"{part.strip()!r} is not of the form name=value")
        elif name not in known:
            faults.append(
                f"unknown argument {name!r}{did_you_mean(name, known)}; takes {', '.join(known)}"
            )
        elif name in values:
            faults.append(f"argument {name!r} is given twice")
        else:
            try:
                values[name] = _value(name, value, data)
            except ValueError as error:
                faults.append(f"{name}: {error}")
    named = {part.strip().partition("=")[0] for part in text.split(";")}
    missing = [p.name for p in parameters if p.default is p.empty and p.name not in named]
    faults += [f"argument {name!r} is missing" for name in missing]
    if test.__name__ in _PAIRED and not faults and len(values["persons"]) != len(values["others"]):
        faults.append("persons and others go together one by one: name as many of each")
    if test.__name__ == "centrality_top" and values.get("k", TOPS[0]) not in TOPS:
        faults.append(f"k: the measures know the first {TOPS}, not {values['k']}")
    return values, faults


def _value(name: str, text: str, data: ClaimData) -> Any:
    known = _vocabulary(name, data)
    if name in _LISTS or name == "goods":
        return tuple(_known(word, known) for word in text.split("+"))
    if known is not None:
        return _known(text, known)
    if name in _SPANS:
        return span(text)
    if name in _YEARS:
        return _years(text)
    if name in _WHOLE:
        if not text.isdecimal():
            raise ValueError(f"{text!r} is not a whole number")
        return int(text)
    try:  # what is left is a stated number, kept as printed
        finite = Decimal(text).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise ValueError(f"{text!r} is not a number")
    return text


def _vocabulary(name: str, data: ClaimData) -> Collection[str] | None:
    """Return the words that an argument may take; None if it does not take words."""
    if name == "goods":
        return _GOODS
    if name in _LISTS or name in _COLUMNS:
        return _column(data, *(_LISTS.get(name) or _COLUMNS[name]))
    if name in {"layer", "measure"}:
        return _measured(data, name)
    return _WORDS.get(name)


def _known(word: str, known: Collection[str] | None) -> str:
    if known and word not in known:
        raise ValueError(f"{word!r} is not known{did_you_mean(word, known)}")
    return word


def _column(data: ClaimData, table: str, column: str) -> set[str]:
    return set(data.tables[table][column]) if table in data.tables else set()


def _measured(data: ClaimData, column: str) -> set[str]:
    return {word for table in data.measures.values() for word in table[column]}


def _years(text: str) -> range:
    if not re.fullmatch(r"\d{1,4}(/\d{1,4})?", text):
        raise ValueError(f"{text!r} is not a year or years, such as 1848 or 1848/1850")
    first, _, last = text.partition("/")
    years = range(int(first), int(last or first) + 1)
    if not years:
        raise ValueError(f"{text!r} ends before it starts")
    return years
