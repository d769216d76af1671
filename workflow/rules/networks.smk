# Stage 2: yearly networks in every layer that the configuration names and the tables allow.
NETWORK_TABLES = {
    "attendance": ["events", "participations"],
    "membership": ["memberships", "bodies"],
    "patronage": ["ties"],
    "relations": ["ties"],
    "access": ["contacts"],
}
LAYERS = [layer for layer in config["layers"] if has(*NETWORK_TABLES[layer])]


def deaths():
    """Years of death: all that the networks need of the fates, so that editing any other fate
    leaves them as they are."""
    from innercircle.data import load_study
    from innercircle.networks.spells import death_years

    return death_years(load_study(Path(RAW), ["fates"]).get("fates"))


rule build_networks:
    input:
        ancient(VALIDATED),
        raw("events", "participations", "memberships", "bodies", "contacts", "ties"),
    output:
        edges=f"{PROCESSED}/edges.parquet",
        nodes=f"{PROCESSED}/nodes.parquet",
        access=f"{PROCESSED}/access.parquet",
    log:
        f"{LOGS}/build_networks.log",
    benchmark:
        f"{LOGS}/benchmarks/build_networks.tsv"
    params:
        folder=RAW,
        settings=settings("years", "status", "layers", "leader"),
        deaths=deaths(),
        code=code("networks"),
    script:
        "../scripts/build_networks.py"


rule write_graphml:
    input:
        persons=raw("persons"),
        edges=rules.build_networks.output.edges,
        nodes=rules.build_networks.output.nodes,
    output:
        expand(
            f"{RESULTS}/networks/{{layer}}_{{year}}.graphml", layer=LAYERS, year=YEARS
        ),
    log:
        f"{LOGS}/write_graphml.log",
    benchmark:
        f"{LOGS}/benchmarks/write_graphml.tsv"
    params:
        raw=RAW,
        folder=f"{RESULTS}/networks",
        layers=LAYERS,
        years=list(YEARS),
        code=code("networks"),
    script:
        "../scripts/write_graphml.py"
