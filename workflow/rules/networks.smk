# Stage 2: yearly networks in every layer that the configuration names and the tables allow.
from innercircle.networks.observed import LAYER_TABLES

LAYERS = [
    layer
    for layer in {**config["layers"], **LAYER_TABLES}
    if enabled(f"layer {layer}", *LAYER_TABLES[layer]) and layer in config["layers"]
]
if not LAYERS:
    sys.exit(
        "\n".join(
            [*SWITCHED_OFF, f"{RAW}: no layer can be built; fill in tables first"]
        )
    )
# The log of visits, if a layer is built from it.
LOG = ["visits"] if "copresence" in LAYERS else []
# Tables by year are of the first layer whose ties have no direction.
UNDIRECTED = [
    layer for layer in LAYERS if layer in ("attendance", "membership", "copresence")
]


rule build_networks:
    input:
        raw("events", "participations", "memberships", "bodies", "contacts", "ties"),
        raw(*LOG),
        package=PACKAGE,
    output:
        edges=f"{PROCESSED}/edges.parquet",
        nodes=f"{PROCESSED}/nodes.parquet",
        access=f"{PROCESSED}/access.parquet",
    log:
        f"{LOGS}/build_networks.log",
    benchmark:
        f"{LOGS}/benchmarks/build_networks.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("years", "status", "layers", "leader", "visits"),
        deaths=deaths(),
        code=code("networks"),
    script:
        "../scripts/build_networks.py"


# A year without data is a graph without nodes.
rule write_networks:
    input:
        raw("persons"),
        package=PACKAGE,
        edges=rules.build_networks.output.edges,
        nodes=rules.build_networks.output.nodes,
    output:
        expand(
            f"{RESULTS}/networks/{{layer}}_{{year}}.graphml", layer=LAYERS, year=YEARS
        ),
        expand(f"{RESULTS}/networks/{{layer}}.gexf", layer=LAYERS),
        edges=f"{RESULTS}/networks/edges.csv",
        nodes=f"{RESULTS}/networks/nodes.csv",
    log:
        f"{LOGS}/write_networks.log",
    benchmark:
        f"{LOGS}/benchmarks/write_networks.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("labels"),
        layers=LAYERS,
        years=list(YEARS),
        code=code("networks"),
    script:
        "../scripts/write_networks.py"


# The log of visits against the sums that the source prints.
VISITS_CHECK = bool(config.get("visits", {}).get("host_places")) and has(
    "visits", "contacts"
)


rule check_visits:
    input:
        raw("visits", "contacts"),
        package=PACKAGE,
    output:
        multiext(f"{RESULTS}/tables/visits_check", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/visits_check.html",
            category="Data",
            caption="../report/visits_check.rst",
            labels={"table": "visits, logged and printed"},
        ),
    log:
        f"{LOGS}/check_visits.log",
    benchmark:
        f"{LOGS}/benchmarks/check_visits.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("years", "status", "leader", "visits", "source"),
        code=code("networks", TABLES_CODE),
    script:
        "../scripts/check_visits.py"
