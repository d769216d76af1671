# Stage 3: centrality of persons, cohesion of networks, concentration of access, with intervals.
rule measure:
    input:
        raw("events", "participations", "memberships", "bodies", "contacts", "ties"),
        package=PACKAGE,
    output:
        centrality=f"{PROCESSED}/centrality.parquet",
        cohesion=f"{PROCESSED}/cohesion.parquet",
    log:
        f"{LOGS}/measure.log",
    benchmark:
        f"{LOGS}/benchmarks/measure.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("years", "status", "layers", "leader", "seed", "resamples"),
        deaths=deaths(),
        code=code("measures"),
    script:
        "../scripts/measure.py"
