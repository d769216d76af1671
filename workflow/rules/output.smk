# Last stage, last part: provenance, the paper, and the list of what was made.
from innercircle.output.provenance import software_versions

LEDGER = enabled("ledger of claims", "claims")


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
