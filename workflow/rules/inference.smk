# Stage 5: one job a model specification; adding a model is adding a specification.
MODELS = {model["name"]: model for model in config.get("models", [])}
if not has("fates"):
    MODELS = {}


rule fit_model:
    input:
        lambda wildcards: rules.build_panel.output[
            "external" if MODELS[wildcards.model].get("external_fates") else "panel"
        ],
    output:
        report(
            f"{RESULTS}/models/{{model}}.json",
            category="Models",
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
        report(
            expand(f"{RESULTS}/tables/{{table}}.html", table=INFERENCE_TABLES),
            category="Models",
            caption="../report/inference_tables.rst",
            labels={"model": "all", "content": "permutation, prediction, curve"},
        ),
    log:
        f"{LOGS}/inference_tables.log",
    benchmark:
        f"{LOGS}/benchmarks/inference_tables.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("models", "seed", "permutations", "specification_curve"),
        code=code("inference"),
    script:
        "../scripts/inference_tables.py"


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
        ),
        code=code("inference"),
    script:
        "../scripts/mechanisms.py"
