"""The ledger: every statement of a table of claims, with what the coded data say about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from innercircle.claims import verdicts
from innercircle.claims.arguments import parse_arguments
from innercircle.claims.evidence import ClaimData, MissingTableError
from innercircle.claims.registry import NAN, Verdict, registered_tests
from innercircle.data.locators import chapters_of, split_locators
from innercircle.errors import Problem, StudyError, did_you_mean

COLUMNS = [
    "claim_id",
    "locator",
    "paraphrase",
    "status",
    "test",
    "arguments",
    "statistic_name",
    "statistic",
    "lo",
    "hi",
    "p_value",
    "n",
    "verdict",
    "independent",
    "note",
]
_OWN = "rests on the claim's own passage"


def check_claims(
    claims: pd.DataFrame, data: ClaimData, file: str = "claims.csv"
) -> list[dict[str, Any]]:
    """Return the parsed arguments of every claim, empty for those without a test.

    Raises
    ------
    StudyError
        With every unknown test, unknown argument and unusable value: row, column, and the nearest
        known name.
    """
    missing = [name for name in ("test", "arguments") if name not in claims]
    if missing:
        raise StudyError([Problem(file, 1, name, "", "missing column") for name in missing])
    tests = registered_tests()
    parsed, problems = [], []
    for row, (test, text) in enumerate(zip(claims["test"], claims["arguments"], strict=True), 2):
        values: dict[str, Any] = {}
        if test and test not in tests:
            expected = (
                f"not a test{did_you_mean(test, tests)}; there are {', '.join(sorted(tests))}"
            )
            problems.append(Problem(file, row, "test", test, expected))
        elif test:
            values, faults = parse_arguments(text, tests[test], data)
            problems += [Problem(file, row, "arguments", text, fault) for fault in faults]
        elif text:
            problems.append(Problem(file, row, "arguments", text, "arguments without a test"))
        parsed.append(values)
    if problems:
        raise StudyError(problems)
    return parsed


def run_ledger(claims: pd.DataFrame, data: ClaimData, file: str = "claims.csv") -> pd.DataFrame:
    """Test every claim that names a test.

    A test is run twice: on all accepted rows, and without those that stand in the claim's own
    passage and nowhere else. ``independent`` is ``yes`` if the verdict is the same, so that it
    does not rest on the sentence that it judges, ``no`` if not, and empty where nothing is decided.

    Parameters
    ----------
    claims : DataFrame
        The raw table, with columns ``test`` and ``arguments``.
    data : ClaimData
    file : str
        Name of the table in messages.

    Returns
    -------
    DataFrame
        Columns :data:`COLUMNS`, one row a claim, in the order of the claims. A claim without a test
        is ``not testable``, with the reason in ``note``.

    Raises
    ------
    StudyError
        As from :func:`check_claims`.
    """
    rows = []
    arguments = check_claims(claims, data, file)
    for claim, values in zip(claims.to_dict("records"), arguments, strict=True):
        independent = ""
        if claim["test"]:
            own = split_locators(claim["locator"])
            verdict = _run(claim["test"], data, values)
            if verdict.verdict != verdicts.NOT_TESTABLE:
                independent = _independent(claim["test"], data.without(own), values, verdict)
                verdict = verdict.noting(_OWN) if independent == "no" else verdict
        else:
            reason = claim["why_untested"] or "no test registered"
            verdict = Verdict(NAN, "", verdicts.NOT_TESTABLE, note=reason)
        cells = {name: getattr(verdict, name) for name in verdict.__dataclass_fields__}
        rows.append({**claim, **cells, "independent": independent})
    return pd.DataFrame(rows, columns=COLUMNS).astype({"n": "int64"})


def _independent(test: str, rest: ClaimData, values: dict[str, Any], verdict: Verdict) -> str:
    if verdict.verdict not in {verdicts.SUPPORTED, verdicts.CONTRADICTED}:
        return ""
    return "yes" if _run(test, rest, values).verdict == verdict.verdict else "no"


def _run(test: str, data: ClaimData, values: dict[str, Any]) -> Verdict:
    try:
        verdict: Verdict = registered_tests()[test](data, **values)
    except MissingTableError as error:
        return Verdict(NAN, "", verdicts.NOT_TESTABLE, note=str(error))
    return replace(verdict, statistic=float(verdict.statistic))


def summarise_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return verdict counts by chapter, the first that a claim's locator names, and in all.

    Returns
    -------
    DataFrame
        Columns chapter, one for each verdict, claims, and independent: how many of the supported
        and contradicted do not rest on the claim's own passage.
    """
    frame = pd.DataFrame(
        {
            "chapter": [chapters_of(cell)[0] for cell in ledger["locator"]],
            **{name: ledger["verdict"].eq(name).astype(int) for name in verdicts.VERDICTS},
            "claims": 1,
            "independent": ledger["independent"].eq("yes").astype(int),
        }
    )
    counts = frame.groupby("chapter", sort=False).sum()
    order = sorted(counts.index, key=_chapter_order)
    counts = counts.loc[order]
    counts.loc["all"] = counts.sum()
    return counts.reset_index()


def _chapter_order(chapter: str) -> tuple[int, str]:
    """Order introductions before numbered chapters, and everything else after them."""
    if chapter.isdigit():
        return int(chapter), chapter
    return (0 if chapter.startswith("intro") else 10**6), chapter
