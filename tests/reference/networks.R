# Reference values for measures of networks: igraph and sna (Debian's r-cran-igraph, r-cran-sna).
# Run from this folder: Rscript networks.R. Writes networks.json, which the tests read.
suppressMessages({library(igraph); library(jsonlite)})

# Davis, Gardner & Gardner (1941), the published table: 18 women by 14 events.
davis <- as.matrix(read.csv("davis.csv", row.names = 1))
# Two yearly attendance networks of the first study, frozen here as edge lists.
yearly <- list(study_a = "study_a.csv", study_b = "study_b.csv")

undirected <- function(g) {
  w <- E(g)$weight
  n <- vcount(g)
  list(
    names = V(g)$name,
    degree = degree(g) / (n - 1),
    strength = strength(g),
    betweenness = betweenness(g, weights = NA) / ((n - 1) * (n - 2) / 2),
    harmonic = harmonic_centrality(g, weights = NA, normalized = TRUE),
    eigenvector = eigen_centrality(g)$vector,
    pagerank = page_rank(g)$vector,
    coreness = coreness(g),
    constraint = constraint(g),
    density = edge_density(g),
    transitivity = transitivity(g, type = "globalundirected"),
    mean_distance = mean_distance(g, weights = NA, directed = FALSE),
    components = components(g)$no,
    degree_centralization = sna::centralization(
      as_adjacency_matrix(g, sparse = FALSE), sna::degree, mode = "graph"),
    betweenness_centralization = sna::centralization(
      as_adjacency_matrix(g, sparse = FALSE), sna::betweenness, mode = "graph")
  )
}

directed <- function(g) {
  n <- vcount(g)
  m <- as_adjacency_matrix(g, sparse = FALSE)
  u <- as.undirected(g, mode = "collapse", edge.attr.comb = "sum")
  list(
    names = V(g)$name,
    degree_in = degree(g, mode = "in") / (n - 1),
    degree_out = degree(g, mode = "out") / (n - 1),
    strength_in = strength(g, mode = "in"),
    strength_out = strength(g, mode = "out"),
    betweenness = betweenness(g, weights = NA) / ((n - 1) * (n - 2)),
    harmonic_in = harmonic_centrality(g, mode = "in", weights = NA, normalized = TRUE),
    harmonic_out = harmonic_centrality(g, mode = "out", weights = NA, normalized = TRUE),
    pagerank = page_rank(g)$vector,
    coreness_in = coreness(g, mode = "in"),
    coreness_out = coreness(g, mode = "out"),
    eigenvector = eigen_centrality(u)$vector,
    constraint = constraint(u),
    density = edge_density(g),
    reciprocity = reciprocity(g),
    transitivity = transitivity(u, type = "globalundirected"),
    mean_distance = mean_distance(g, weights = NA),
    indegree_centralization = sna::centralization(m, sna::degree, mode = "digraph", cmode = "indegree"),
    outdegree_centralization = sna::centralization(m, sna::degree, mode = "digraph", cmode = "outdegree"),
    betweenness_centralization = sna::centralization(m, sna::betweenness, mode = "digraph")
  )
}

from_edges <- function(file, directed) {
  e <- read.csv(file)
  v <- sort(unique(c(e$source, e$target)))
  graph_from_data_frame(e, directed = directed, vertices = v)
}

women <- davis %*% t(davis)
diag(women) <- 0
out <- list(
  southern_women = undirected(graph_from_adjacency_matrix(women, mode = "undirected", weighted = TRUE)),
  toy_directed = directed(from_edges("toy_directed.csv", TRUE))
)
zachary <- make_graph("Zachary")
V(zachary)$name <- paste0("m", seq_len(vcount(zachary)))
E(zachary)$weight <- 1
write.csv(data.frame(source = paste0("m", ends(zachary, E(zachary), names = FALSE)[, 1]),
                     target = paste0("m", ends(zachary, E(zachary), names = FALSE)[, 2]), weight = 1),
          "zachary.csv", row.names = FALSE)
out$zachary <- undirected(zachary)
for (name in names(yearly)) {
  if (file.exists(yearly[[name]])) out[[name]] <- undirected(from_edges(yearly[[name]], FALSE))
}
out$versions <- list(R = R.version.string, igraph = as.character(packageVersion("igraph")),
                     sna = as.character(packageVersion("sna")))
write_json(out, "networks.json", digits = NA, auto_unbox = TRUE, pretty = TRUE, na = "null")
