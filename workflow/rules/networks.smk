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
# Tables by year are of the first layer whose ties have no direction.
UNDIRECTED = [layer for layer in LAYERS if layer in ("attendance", "membership")]


rule build_networks:
    input:
        raw("events", "participations", "memberships", "bodies", "contacts", "ties"),
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
        settings=settings("years", "status", "layers", "leader"),
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
