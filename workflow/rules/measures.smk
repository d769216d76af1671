# Stage 3: centrality of persons, cohesion of networks, concentration of access.
rule measure:
    input:
        edges=rules.build_networks.output.edges,
        nodes=rules.build_networks.output.nodes,
        access=rules.build_networks.output.access,
    output:
        centrality=f"{PROCESSED}/centrality.parquet",
        cohesion=f"{PROCESSED}/cohesion.parquet",
    log:
        f"{LOGS}/measure.log",
    benchmark:
        f"{LOGS}/benchmarks/measure.tsv"
    conda:
        ENVIRONMENT
    params:
        leader=config.get("leader"),
        code=code("measures"),
    script:
        "../scripts/measure.py"
