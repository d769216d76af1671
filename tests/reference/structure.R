# Reference values for communities, core and periphery, distances and balance: R's igraph and,
# where R has no function, the definition written out with cor() and optim().
# Run from this folder: Rscript structure.R. Writes structure.json, which the tests read.
suppressMessages({library(igraph); library(jsonlite)})
set.seed(20240501)

z <- read.csv("zachary.csv")
zachary <- graph_from_data_frame(z, directed = FALSE, vertices = paste0("m", 1:34))
davis <- as.matrix(read.csv("davis.csv", row.names = 1))
women <- davis %*% t(davis)
diag(women) <- 0
southern <- graph_from_adjacency_matrix(women, mode = "undirected", weighted = TRUE)

# --- communities ----------------------------------------------------------------------------
leiden <- function(g, runs, weights) {
  tries <- lapply(seq_len(runs), function(i) membership(
    cluster_leiden(g, objective_function = "modularity", weights = if (is.null(weights)) NA else weights, n_iterations = 50)))
  q <- sapply(tries, function(m) modularity(g, m, weights = weights))
  list(names = V(g)$name, modularity = max(q), membership = as.integer(tries[[which.max(q)]]))
}
best <- function(g) leiden(g, 10, NULL)$modularity
null <- replicate(400, best(rewire(zachary, keeping_degseq(niter = 780))))

# --- core and periphery, Borgatti & Everett (2000), coreness by least squares ------------------------------------------
off <- function(m) m[row(m) != col(m)]
continuous <- function(m) {
  scaled <- m / max(m)
  residual <- function(x) sum((off(scaled) - off(outer(x, x)))^2)
  tries <- lapply(1:40, function(i) {
    optim(runif(nrow(m)), residual, method = "L-BFGS-B", lower = 0, upper = 1,
          control = list(maxit = 5000, factr = 10))
  })
  found <- tries[[which.min(sapply(tries, function(t) t$value))]]
  list(fit = cor(off(m), off(outer(found$par, found$par))), coreness = found$par)
}
pattern_fit <- function(m, core) suppressWarnings(cor(off(m), off(1 * outer(core, core, "|"))))
discrete <- function(m, restarts) {
  climb <- function(core) {
    now <- pattern_fit(m, core)
    repeat {
      moved <- sapply(seq_along(core), function(i) { y <- core; y[i] <- !y[i]; pattern_fit(m, y) })
      moved[is.na(moved)] <- -2
      if (max(moved) <= now + 1e-12) return(list(fit = now, core = core))
      core[which.max(moved)] <- !core[which.max(moved)]
      now <- max(moved)
    }
  }
  tries <- lapply(seq_len(restarts), function(i) climb(seq_len(nrow(m)) %in% sample(nrow(m), sample(2:8, 1))))
  tries[[which.max(sapply(tries, function(t) t$fit))]]
}
zm <- as_adjacency_matrix(zachary, sparse = FALSE)
core_null <- replicate(100, discrete(as_adjacency_matrix(
  rewire(zachary, keeping_degseq(niter = 780)), sparse = FALSE), 15)$fit)

# --- balance: Gahuku-Gama tribes (Read 1954), signed triangles by matrix powers --------------
t <- read.csv("highland_tribes.csv")
tribes <- sort(unique(c(t$source, t$target)))
s <- matrix(0, length(tribes), length(tribes), dimnames = list(tribes, tribes))
s[cbind(t$source, t$target)] <- t$sign
s <- s + t(s)
p <- 1 * (s > 0); n <- 1 * (s < 0)
tr <- function(m) sum(diag(m))

out <- list(
  communities = list(
    zachary = leiden(zachary, 200, NULL), southern_women = leiden(southern, 200, E(southern)$weight),
    zachary_null = list(mean = mean(null), sd = sd(null), draws = length(null))),
  core_periphery = list(
    zachary = list(names = rownames(zm), continuous = continuous(zm), discrete = discrete(zm, 60)),
    southern_women = list(names = rownames(women), continuous = continuous(women),
                          discrete = discrete(women, 60)),
    zachary_null = list(mean = mean(core_null), sd = sd(core_null), draws = length(core_null))),
  distance_to_m1 = as.list(distances(zachary, to = "m1", weights = NA)[, 1]),
  tribes = list("+++" = tr(p %*% p %*% p) / 6, "++-" = tr(p %*% p %*% n) / 2,
                "+--" = tr(p %*% n %*% n) / 2, "---" = tr(n %*% n %*% n) / 6),
  versions = list(R = R.version.string, igraph = as.character(packageVersion("igraph")))
)
write_json(out, "structure.json", digits = NA, auto_unbox = TRUE, pretty = TRUE, na = "null")
