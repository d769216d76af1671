# What igraph in R makes of the network files that the package writes: from the tables and from
# GraphML. Run from this folder: Rscript network_files.R. Reads network_files/, which are the files
# that tests/test_graphs.py writes, and writes network_files.json.
suppressMessages({library(jsonlite); library(igraph)})
edges <- read.csv("network_files/edges.csv", na.strings = "", encoding = "UTF-8")
nodes <- read.csv("network_files/nodes.csv", na.strings = "", encoding = "UTF-8")
graphs <- list()
for (layer in unique(nodes$layer)) {
  e <- edges[edges$layer == layer & edges$year == 1848, ]
  v <- nodes[nodes$layer == layer & nodes$year == 1848, ]
  g <- graph_from_data_frame(e, directed = any(e$directed), vertices = v)
  h <- read_graph(paste0("network_files/", layer, "_1848.graphml"), format = "graphml")
  for (x in list(g, h)) {
    graphs[[length(graphs) + 1]] <- list(layer = layer, directed = is_directed(x),
      names = V(x)$name, events = V(x)$n_events, edges = ecount(x), weights = E(x)$weight)
  }
}
versions <- list(R = R.version.string, igraph = as.character(packageVersion("igraph")))
write(toJSON(list(graphs = graphs, versions = versions), auto_unbox = TRUE, pretty = TRUE),
      "network_files.json")
