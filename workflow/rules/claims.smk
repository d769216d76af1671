# Stage 6: what the source's author says, held against the coded data.
rule test_claims:
    input:
        raw(
            "claims",
            "persons",
            "bodies",
            "memberships",
            "events",
            "participations",
            "ties",
            "contacts",
            "fates",
        ),
        package=PACKAGE,
        centrality=rules.measure.output.centrality,
        cohesion=rules.measure.output.cohesion,
    output:
        multiext(f"{RESULTS}/tables/claims_summary", ".csv", ".tex"),
        ledger=report(
            f"{RESULTS}/claims.csv",
            category="Claims",
            caption="../report/claims_summary.rst",
            labels={"table": "every claim"},
        ),
        html=report(
            f"{RESULTS}/tables/claims_summary.html",
            category="Claims",
            caption="../report/claims_summary.rst",
            labels={"table": "summary"},
        ),
    log:
        f"{LOGS}/test_claims.log",
    benchmark:
        f"{LOGS}/benchmarks/test_claims.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("status", "leader", "layers", "complete_rosters", "source"),
        code=code("claims", TABLES_CODE),
    script:
        "../scripts/claims.py"
