# Stage 4: one row a person and year, the outcome in the year after.
PANEL = enabled(
    "panel, models and mechanisms", "fates", keys=["populations", "outcomes"]
)


rule build_panel:
    input:
        raw(
            "fates",
            "fates_external",
            "memberships",
            "events",
            "participations",
            "ties",
            "contacts",
            "visits",
            "person_attributes",
        ),
        edges=rules.build_networks.output.edges,
        nodes=rules.build_networks.output.nodes,
        access=rules.build_networks.output.access,
        centrality=rules.measure.output.centrality,
        by_status=rules.measure_status.output,
        package=PACKAGE,
    output:
        panel=f"{PROCESSED}/panel.parquet",
        external=f"{PROCESSED}/panel_external.parquet",
    log:
        f"{LOGS}/build_panel.log",
    benchmark:
        f"{LOGS}/benchmarks/build_panel.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings(
            "years",
            "status",
            "leader",
            "standing",
            "populations",
            "outcomes",
            "competing_ends",
            "suicide",
            "party_generations",
        ),
        code=code("panel"),
    script:
        "../scripts/build_panel.py"
