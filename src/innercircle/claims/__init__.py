"""Stage 6: statements of the source's author, held against the coded data."""

from innercircle.claims import careers, events, membership, networks, outcomes, ties, visits
from innercircle.claims.evidence import ClaimData
from innercircle.claims.ledger import check_claims, run_ledger, summarise_ledger
from innercircle.claims.registry import Verdict, claim_test, registered_tests

# Importing a module of tests registers them.
TEST_MODULES = (visits, membership, careers, outcomes, events, ties, networks)

__all__ = [
    "TEST_MODULES",
    "ClaimData",
    "Verdict",
    "check_claims",
    "claim_test",
    "registered_tests",
    "run_ledger",
    "summarise_ledger",
]
