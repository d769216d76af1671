# Last stage, first part: tables for readers of what the earlier stages computed.
RESULT_TABLES = []
CHECKED = "access" in LAYERS and enabled("check of printed totals", "contact_totals")
if CHECKED:
    RESULT_TABLES += [f"{CONTACTS}_recomputed", f"{CONTACTS}_disagreements"]
if VISITS_CHECK:
    RESULT_TABLES.append("visits_check")
if PANEL:
    RESULT_TABLES += ["descriptive", "falls", "mechanisms"]
if MODELS:
    RESULT_TABLES += ["models", "robustness", "flow"]
if MODELS and enabled("dyads", keys=["mrqap"]):
    RESULT_TABLES.append("mrqap")
if CURVE:
    RESULT_TABLES += INFERENCE_TABLES
if SIMULATED:
    RESULT_TABLES += SIMULATION_TABLES
if set(LAYERS) - {"access", "copresence"}:
    RESULT_TABLES.append("evidence")
if UNDIRECTED:
    RESULT_TABLES += ["cohesion", "top_persons"]
else:
    SWITCHED_OFF.append(
        "Switched off: cohesion, top persons (all layers have direction)"
    )
if len(set(LAYERS) - {"access"}) > 1:
    RESULT_TABLES.append("multiplex")
if UNDIRECTED or "relations" in LAYERS:
    RESULT_TABLES.append("structure")
if SEVERAL_PARTS:
    RESULT_TABLES.append("leave_one_chapter_out")
if "patronage" in LAYERS and enabled("patronage by falls", "fates"):
    RESULT_TABLES.append("patronage")


rule table_models:
    input:
        expand(f"{RESULTS}/models/{{model}}.json", model=MODELS),
    output:
        multiext(f"{RESULTS}/tables/models", ".csv", ".tex"),
        multiext(f"{RESULTS}/tables/robustness", ".csv", ".tex"),
        robustness=report(
            f"{RESULTS}/tables/robustness.html",
            category="Models",
            caption="../report/robustness.rst",
            labels={"model": "all", "content": "ratios, one row a model"},
        ),
        models=report(
            f"{RESULTS}/tables/models.html",
            category="Models",
            caption="../report/models.rst",
            labels={"model": "all", "content": "coefficients of position"},
        ),
    log:
        f"{LOGS}/table_models.log",
    benchmark:
        f"{LOGS}/benchmarks/table_models.tsv"
    conda:
        ENVIRONMENT
    params:
        code=code("output"),
    script:
        "../scripts/table_models.py"


rule table_descriptive:
    input:
        raw("persons"),
        package=PACKAGE,
        panel=rules.build_panel.output.panel,
    output:
        multiext(f"{RESULTS}/tables/descriptive", ".csv", ".tex"),
        multiext(f"{RESULTS}/tables/falls", ".csv", ".tex"),
        falls=report(
            f"{RESULTS}/tables/falls.html",
            category="Models",
            caption="../report/falls.rst",
            labels={"model": "none", "content": "who fell"},
        ),
        html=report(
            f"{RESULTS}/tables/descriptive.html",
            category="Models",
            caption="../report/descriptive.rst",
            labels={"model": "none", "content": "descriptive statistics"},
        ),
    log:
        f"{LOGS}/table_descriptive.log",
    benchmark:
        f"{LOGS}/benchmarks/table_descriptive.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("populations", "outcomes", "source", "labels"),
        code=code("output"),
    script:
        "../scripts/table_descriptive.py"


rule table_measures:
    input:
        raw("persons"),
        package=PACKAGE,
        centrality=rules.measure.output.centrality,
        cohesion=rules.measure.output.cohesion,
    output:
        multiext(f"{RESULTS}/tables/cohesion", ".csv", ".tex"),
        multiext(f"{RESULTS}/tables/top_persons", ".csv", ".tex"),
        cohesion_html=report(
            f"{RESULTS}/tables/cohesion.html",
            category="Networks",
            caption="../report/cohesion.rst",
            labels={"table": "cohesion"},
        ),
        top_html=report(
            f"{RESULTS}/tables/top_persons.html",
            category="Networks",
            caption="../report/top_persons.rst",
            labels={"table": "top persons"},
        ),
    log:
        f"{LOGS}/table_measures.log",
    benchmark:
        f"{LOGS}/benchmarks/table_measures.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("source", "leader", "labels"),
        layer=UNDIRECTED[:1],
        code=code("output"),
    script:
        "../scripts/table_measures.py"


rule table_multiplex:
    input:
        raw("persons"),
        package=PACKAGE,
        multiplex=rules.measure.output.multiplex,
    output:
        multiext(f"{RESULTS}/tables/multiplex", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/multiplex.html",
            category="Networks",
            caption="../report/multiplex.rst",
            labels={"table": "multiplex"},
        ),
    log:
        f"{LOGS}/table_multiplex.log",
    benchmark:
        f"{LOGS}/benchmarks/table_multiplex.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("source", "labels"),
        code=code("output"),
    script:
        "../scripts/table_multiplex.py"


rule table_evidence:
    input:
        raw("events", "participations", "memberships", "bodies", "ties"),
        package=PACKAGE,
    output:
        multiext(f"{RESULTS}/tables/evidence", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/evidence.html",
            category="Networks",
            caption="../report/evidence.rst",
            labels={"table": "evidence"},
        ),
    log:
        f"{LOGS}/table_evidence.log",
    benchmark:
        f"{LOGS}/benchmarks/table_evidence.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("years", "status", "layers", "leader", "source"),
        deaths=deaths(),
        code=code("networks", TABLES_CODE),
    script:
        "../scripts/table_evidence.py"


rule table_patronage:
    input:
        raw("persons", "memberships", "ties", "fates"),
        package=PACKAGE,
    output:
        multiext(f"{RESULTS}/tables/patronage", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/patronage.html",
            category="Networks",
            caption="../report/patronage.rst",
            labels={"table": "patronage"},
        ),
    log:
        f"{LOGS}/table_patronage.log",
    benchmark:
        f"{LOGS}/benchmarks/table_patronage.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings(
            "years", "status", "layers", "standing", "outcomes", "source", "labels"
        ),
        code=code("output"),
    script:
        "../scripts/table_patronage.py"
