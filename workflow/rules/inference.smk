# Stage 5: one job a model specification; adding a model is adding a specification.
MODELS = {model["name"]: model for model in config.get("models", [])}
if not has("fates"):
    MODELS = {}


rule fit_model:
    input:
        rules.build_panel.output,
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
