# Stage 5: one job a model specification; adding a model is adding a specification.
MODELS = {}
if PANEL and enabled("models", keys=["models"]):
    MODELS = {
        model["name"]: model for model in config["models"] if model["layer"] in LAYERS
    }
if len(MODELS) < len(config.get("models", [])) and PANEL:
    SWITCHED_OFF.append("Switched off: models of layers that cannot be built")
SPECIFICATIONS = dict(config.get("specification_curve", {}))
if SPECIFICATIONS:
    SPECIFICATIONS["layer"] = [
        name for name in SPECIFICATIONS["layer"] if name in LAYERS
    ]
CURVE = (
    MODELS
    and enabled(
        "permutation, prediction, specification curve",
        keys=["permutations", "specification_curve"],
    )
    and bool(SPECIFICATIONS["layer"])
)


rule fit_model:
    input:
        lambda wildcards: rules.build_panel.output[
            "external" if MODELS[wildcards.model].get("external_fates") else "panel"
        ],
    output:
        report(
            f"{RESULTS}/models/{{model}}.json",
            category="Models",
            caption="../report/model.rst",
            labels={"model": "{model}", "content": "all estimates"},
        ),
    log:
        f"{LOGS}/fit_model/{{model}}.log",
    benchmark:
        f"{LOGS}/benchmarks/fit_model/{{model}}.tsv"
    conda:
        ENVIRONMENT
    params:
        spec=lambda wildcards: MODELS[wildcards.model],
        code=code("inference"),
    script:
        "../scripts/fit_model.py"


INFERENCE_TABLES = [
    "permutation",
    "prediction",
    "specification_curve",
    "specification_curve_test",
]


rule inference_tables:
    input:
        rules.build_panel.output.panel,
    output:
        expand(
            f"{RESULTS}/tables/{{table}}{{suffix}}",
            table=INFERENCE_TABLES,
            suffix=[".csv", ".tex"],
        ),
        [
            report(
                f"{RESULTS}/tables/{table}.html",
                category="Models",
                caption="../report/inference_tables.rst",
                labels={"model": "all", "content": table.replace("_", " ")},
            )
            for table in INFERENCE_TABLES
        ],
    log:
        f"{LOGS}/inference_tables.log",
    benchmark:
        f"{LOGS}/benchmarks/inference_tables.tsv"
    conda:
        ENVIRONMENT
    params:
        settings={
            **settings("seed", "permutations"),
            "models": list(MODELS.values()),
            "specification_curve": SPECIFICATIONS,
        },
        code=code("inference", TABLES_CODE),
    script:
        "../scripts/inference_tables.py"


SIMULATED = []
if MODELS and enabled("simulation", keys=["simulation"]):
    SIMULATED = [name for name in config["simulation"]["models"] if name in MODELS]
SIMULATION_TABLES = ["simulation", "power", "smallest_effects"]


# In folder tables, a few panels for every run of the workflow; in simulation, many (`make simulate`).
rule simulate_model:
    input:
        lambda wildcards: rules.build_panel.output[
            ("external" if MODELS[wildcards.model].get("external_fates") else "panel")
        ],
    output:
        effects=f"{PROCESSED}/simulation/{{folder}}/{{model}}_effects.parquet",
        power=f"{PROCESSED}/simulation/{{folder}}/{{model}}_power.parquet",
    log:
        f"{LOGS}/simulate_model/{{folder}}/{{model}}.log",
    benchmark:
        f"{LOGS}/benchmarks/simulate_model/{{folder}}/{{model}}.tsv"
    wildcard_constraints:
        folder="tables|simulation",
        model="|".join(SIMULATED) or "none",
    conda:
        ENVIRONMENT
    params:
        spec=lambda wildcards: MODELS[wildcards.model],
        number=lambda wildcards: SIMULATED.index(wildcards.model),
        draws=lambda wildcards: config["simulation"][
            "draws" if wildcards.folder == "tables" else "full_draws"
        ],
        settings=settings("seed", "simulation"),
        code=code("inference"),
    script:
        "../scripts/simulate_model.py"


rule simulate:
    input:
        effects=expand(
            rules.simulate_model.output.effects, model=SIMULATED, allow_missing=True
        ),
        power=expand(
            rules.simulate_model.output.power, model=SIMULATED, allow_missing=True
        ),
    output:
        expand(
            f"{RESULTS}/{{{{folder}}}}/{{table}}{{suffix}}",
            table=SIMULATION_TABLES,
            suffix=[".csv", ".tex"],
        ),
        html=[
            report(
                f"{RESULTS}/{{folder}}/{table}.html",
                category="Models",
                caption="../report/simulation_tables.rst",
                labels={"model": "simulated", "content": table.replace("_", " ")},
            )
            for table in SIMULATION_TABLES
        ],
    log:
        f"{LOGS}/simulate/{{folder}}.log",
    benchmark:
        f"{LOGS}/benchmarks/simulate/{{folder}}.tsv"
    wildcard_constraints:
        folder="tables|simulation",
    conda:
        ENVIRONMENT
    params:
        code=code("inference", TABLES_CODE),
    script:
        "../scripts/simulate.py"


rule flow:
    input:
        raw("persons", "fates", "fates_external", "memberships"),
        package=PACKAGE,
        panel=rules.build_panel.output.panel,
        external=rules.build_panel.output.external,
    output:
        multiext(f"{RESULTS}/tables/flow", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/flow.html",
            category="Models",
            caption="../report/flow.rst",
            labels={"model": "all", "content": "what each step drops"},
        ),
    log:
        f"{LOGS}/flow.log",
    benchmark:
        f"{LOGS}/benchmarks/flow.tsv"
    conda:
        ENVIRONMENT
    params:
        settings={
            **settings(
                "years",
                "status",
                "leader",
                "populations",
                "outcomes",
                "competing_ends",
                "suicide",
            ),
            "models": list(MODELS.values()),
        },
        code=code("inference", TABLES_CODE),
    script:
        "../scripts/flow.py"


rule mrqap:
    input:
        panel=rules.build_panel.output.panel,
        edges=rules.build_networks.output.edges,
    output:
        multiext(f"{RESULTS}/tables/mrqap", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/mrqap.html",
            category="Models",
            caption="../report/mrqap.rst",
            labels={"model": "dyads", "content": "do co-attenders fall together"},
        ),
    log:
        f"{LOGS}/mrqap.log",
    benchmark:
        f"{LOGS}/benchmarks/mrqap.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("seed", "mrqap"),
        code=code("inference", TABLES_CODE),
    script:
        "../scripts/mrqap.py"


rule mechanisms:
    input:
        raw("events", "participations", "memberships", "bodies", "ties", "fates"),
        package=PACKAGE,
        panel=rules.build_panel.output.panel,
        cohesion=rules.measure.output.cohesion,
    output:
        multiext(f"{RESULTS}/tables/mechanisms", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/mechanisms.html",
            category="Mechanisms",
            caption="../report/mechanisms.rst",
            labels={"table": "mechanisms"},
        ),
    log:
        f"{LOGS}/mechanisms.log",
    benchmark:
        f"{LOGS}/benchmarks/mechanisms.tsv"
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
            "outcomes",
            "competing_ends",
            "suicide",
            "populations",
            "periods",
            "groups",
            "standing",
        ),
        code=code("inference", TABLES_CODE),
    script:
        "../scripts/mechanisms.py"
