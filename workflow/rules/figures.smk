# Last stage, second part: figures, each with a caption that says what it counted.
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
    "event_study": (
        "The years before a fall",
        bool(PANEL)
        and "leader" in config
        and bool({"access", "attendance"} & set(LAYERS)),
        ["panel"],
    ),
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
        settings={
            **settings(
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
                "specification_curve",
                "simulation",
            ),
            "models": list(MODELS.values()),
        },
        raw=[table for table in FIGURE_RAW if has(table)],
        template=lambda wildcards: template(wildcards.figure),
        # Read by the report when it is made, not before.
        written=lambda wildcards, output: Path(output.caption),
        code=code("output"),
    script:
        "../scripts/figure.py"
