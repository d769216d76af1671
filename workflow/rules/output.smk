# Last stage: tables, figures, and the list of what was made.
from innercircle.output.provenance import software_versions

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
LEDGER = enabled("ledger of claims", "claims")
BACKBONE = "attendance" in LAYERS and enabled("backbone", keys=["backbone"])
# Figures by name: title, whether the study has what they show, computed tables that they read.
FIGURE_SPECS = {
    "yearly_networks": (
        "Yearly attendance networks",
        "attendance" in LAYERS,
        [
            "edges",
            "nodes",
            "centrality",
            *(["backbone"] if BACKBONE else []),
        ],
    ),
    "patronage_network": (
        "Patrons, clients and their fates",
        "patronage" in LAYERS and has("fates") and "outcomes" in config,
        ["edges"],
    ),
    "signed_relations": (
        "Positive and negative ties",
        "relations" in LAYERS,
        ["edges"],
    ),
    "communities": (
        "Communities from year to year",
        bool(UNDIRECTED) and len(YEARS) > 1,
        ["communities"],
    ),
    "cohesion_over_time": (
        "Concentration and cohesion over time",
        ("attendance" in LAYERS or "access" in LAYERS) and len(YEARS) > 1,
        ["cohesion"],
    ),
    "rank_trajectories": (
        "Ranks by year with intervals",
        "attendance" in LAYERS and len(YEARS) > 1,
        [],
    ),
    "access_heatmap": (
        f"Hours with {LEADER}, person by year",
        "access" in LAYERS,
        ["access"],
    ),
    "access_concentration": (
        "Concentration of access",
        "access" in LAYERS,
        ["cohesion"],
    ),
    "event_study": ("The years before a fall", bool(PANEL), ["panel"]),
    "survival": ("Survival by position", bool(MODELS), ["panel"]),
    "encircling": (
        "Do clients fall before their patrons?",
        bool(PANEL) and "patronage" in LAYERS,
        ["mechanisms"],
    ),
    "coefficients": ("Coefficients of position", bool(MODELS), ["models"]),
    "specification_curve": (
        "Specification curve",
        bool(CURVE),
        ["specification_curve", "specification_curve_test"],
    ),
    "simulation": (
        "What the estimators would find",
        bool(SIMULATED),
        SIMULATION_TABLES,
    ),
    "coding_coverage": (
        "What was coded from where",
        has("coverage"),
        ["data_quality", "rows_by_year"],
    ),
}
FIGURES = [name for name, (_, possible, _) in FIGURE_SPECS.items() if possible]
FIGURE_INPUTS = {
    "edges": rules.build_networks.output.edges,
    "nodes": rules.build_networks.output.nodes,
    "access": rules.build_networks.output.access,
    "centrality": rules.measure.output.centrality,
    "cohesion": rules.measure.output.cohesion,
    "communities": rules.structure.output.communities,
    "backbone": rules.backbone.output[0],
    "panel": rules.build_panel.output.panel,
}
FIGURE_RAW = [
    "persons",
    "bodies",
    "memberships",
    "events",
    "participations",
    "ties",
    "fates",
    "contact_totals",
    "coverage",
]


# The computed tables that each figure reads, by name.
FIGURE_TABLES = {
    figure: {
        name: FIGURE_INPUTS.get(name, f"{RESULTS}/tables/{name}.csv") for name in names
    }
    for figure, (_, _, names) in FIGURE_SPECS.items()
}


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
        code=code("networks"),
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
        settings=settings("years", "status", "layers", "standing", "outcomes", "source"),
        code=code("output"),
    script:
        "../scripts/table_patronage.py"


rule figure:
    input:
        raw(*FIGURE_RAW),
        unpack(lambda wildcards: FIGURE_TABLES[wildcards.figure]),
        package=PACKAGE,
    output:
        pdf=f"{RESULTS}/figures/{{figure}}.pdf",
        caption=f"{RESULTS}/figures/{{figure}}.txt",
        png=report(
            f"{RESULTS}/figures/{{figure}}.png",
            category="Figures",
            caption="../report/figure.rst",
            labels=lambda wildcards: {"figure": FIGURE_SPECS[wildcards.figure][0]},
        ),
    log:
        f"{LOGS}/figure/{{figure}}.log",
    benchmark:
        f"{LOGS}/benchmarks/figure/{{figure}}.tsv"
    wildcard_constraints:
        figure="|".join(FIGURES),
    conda:
        ENVIRONMENT
    params:
        settings=settings(
            "years",
            "status",
            "source",
            "leader",
            "layers",
            "seed",
            "resamples",
            "null_draws",
            "periods",
            "groups",
            "standing",
            "populations",
            "outcomes",
            "competing_ends",
            "suicide",
            "labels",
            "captions",
            "backbone",
            "models",
            "specification_curve",
            "simulation",
        ),
        raw=[table for table in FIGURE_RAW if has(table)],
        template=lambda wildcards: template(wildcards.figure),
        # Read by the report when it is made, not before.
        written=lambda wildcards, output: Path(output.caption),
        code=code("output"),
    script:
        "../scripts/figure.py"


# What the results rest on besides the data. Another version of anything makes it run again.
rule provenance:
    input:
        config=CONFIG,
    output:
        multiext(f"{RESULTS}/tables/software", ".csv", ".tex"),
        software=report(
            f"{RESULTS}/tables/software.html",
            category="Study",
            caption="../report/software.rst",
            labels={"study": "software"},
        ),
        configuration=report(
            f"{RESULTS}/configuration.html",
            category="Study",
            caption="../report/configuration.rst",
            labels={"study": "configuration"},
        ),
    log:
        f"{LOGS}/provenance.log",
    benchmark:
        f"{LOGS}/benchmarks/provenance.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=config,
        versions=software_versions().to_dict("list"),
        code=code("output"),
    script:
        "../scripts/provenance.py"


# All that is computed, which is what a paper may read.
COMPUTED = [
    *([f"{RESULTS}/{CONTACTS}_check.csv"] if CHECKED else []),
    *expand(
        f"{RESULTS}/tables/{{table}}{{suffix}}",
        table=[*DATA_TABLES, *RESULT_TABLES],
        suffix=[".csv", ".tex", ".html"],
    ),
    *expand(
        f"{RESULTS}/figures/{{figure}}{{suffix}}",
        figure=FIGURES,
        suffix=[".pdf", ".png", ".txt"],
    ),
    *expand(f"{RESULTS}/models/{{model}}.json", model=MODELS),
    *(rules.test_claims.output if LEDGER else []),
    *rules.provenance.output,
]


if "paper" in config:

    rule paper:
        input:
            COMPUTED,
            [
                str(path)
                for path in sorted(Path(config["paper"]).parent.rglob("*"))
                if path.suffix in (".typ", ".bib")
            ],
            source=config["paper"],
            config=CONFIG,
        output:
            report(
                f"{RESULTS}/paper.pdf",
                category="Paper",
                caption="../report/paper.rst",
                labels={"paper": config["title"]},
            ),
        log:
            f"{LOGS}/paper.log",
        benchmark:
            f"{LOGS}/benchmarks/paper.tsv"
        conda:
            ENVIRONMENT
        params:
            code=code("output"),
        script:
            "../scripts/paper.py"


# The report is made from the finished workflow by `make reproduce`; this is what it waits for.
rule manifest:
    input:
        COMPUTED,
        rules.paper.output if "paper" in config else [],
        rules.write_networks.output,
        rules.build_panel.output if PANEL else [],
        rules.backbone.output if BACKBONE else [],
    output:
        MANIFEST,
    log:
        f"{LOGS}/manifest.log",
    benchmark:
        f"{LOGS}/benchmarks/manifest.tsv"
    conda:
        ENVIRONMENT
    script:
        "../scripts/manifest.py"
