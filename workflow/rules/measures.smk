# Stage 3: centrality of persons, cohesion of networks, concentration of access, with intervals.


rule measure:
    input:
        raw("events", "participations", "memberships", "bodies", "contacts", "ties"),
        raw(*LOG),
        package=PACKAGE,
    output:
        centrality=f"{PROCESSED}/centrality.parquet",
        cohesion=f"{PROCESSED}/cohesion.parquet",
        multiplex=f"{PROCESSED}/multiplex.parquet",
    log:
        f"{LOGS}/measure.log",
    benchmark:
        f"{LOGS}/benchmarks/measure.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings(
            "years",
            "status",
            "layers",
            "leader",
            "seed",
            "resamples",
            "visits",
            "large_networks",
        ),
        deaths=deaths(),
        code=code("measures"),
    script:
        "../scripts/measure.py"


# Against null models: communities, core and periphery, groups, balance, change from year to year.
rule structure:
    input:
        raw("events", "participations", "memberships", "bodies", "ties", *LOG),
        package=PACKAGE,
    output:
        multiext(f"{RESULTS}/tables/structure", ".csv", ".tex"),
        communities=f"{PROCESSED}/communities.parquet",
        structure_html=report(
            f"{RESULTS}/tables/structure.html",
            category="Networks",
            caption="../report/structure.rst",
            labels={"table": "structure"},
        ),
    log:
        f"{LOGS}/structure.log",
    benchmark:
        f"{LOGS}/benchmarks/structure.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings(
            "years",
            "status",
            "layers",
            "leader",
            "seed",
            "null_draws",
            "groups",
            "visits",
            "large_networks",
        ),
        deaths=deaths(),
        code=code("measures", TABLES_CODE),
    script:
        "../scripts/structure.py"


SEVERAL_PARTS = len(read(source_parts)) > 1
if not SEVERAL_PARTS:
    SWITCHED_OFF.append(
        "Switched off: leaving out parts of the source (it has one part)"
    )


rule leave_one_chapter_out:
    input:
        raw("events", "participations", "memberships", "bodies", "ties", *LOG),
        package=PACKAGE,
    output:
        multiext(f"{RESULTS}/tables/leave_one_chapter_out", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/leave_one_chapter_out.html",
            category="Networks",
            caption="../report/leave_one_chapter_out.rst",
            labels={"table": "leave one chapter out"},
        ),
    log:
        f"{LOGS}/leave_one_chapter_out.log",
    benchmark:
        f"{LOGS}/benchmarks/leave_one_chapter_out.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("years", "status", "layers", "leader", "visits"),
        deaths=deaths(),
        code=code("measures", TABLES_CODE),
    script:
        "../scripts/leave_one_chapter_out.py"


rule backbone:
    input:
        raw("events", "participations"),
        package=PACKAGE,
    output:
        f"{PROCESSED}/backbone.parquet",
    log:
        f"{LOGS}/backbone.log",
    benchmark:
        f"{LOGS}/benchmarks/backbone.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("years", "status", "layers", "seed", "backbone"),
        code=code("measures"),
    script:
        "../scripts/backbone.py"


# Positions in the networks that coded rows of other status make.
rule measure_status:
    input:
        raw("events", "participations", "memberships", "bodies", "ties", *LOG),
        package=PACKAGE,
    output:
        f"{PROCESSED}/centrality_status.parquet",
    log:
        f"{LOGS}/measure_status.log",
    benchmark:
        f"{LOGS}/benchmarks/measure_status.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("years", "layers", "leader", "visits"),
        filters=status_filters(LAYERS),
        deaths=deaths(),
        code=code("measures"),
    script:
        "../scripts/measure_status.py"
