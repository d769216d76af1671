# Reference values for MRQAP: sna::netlm and sna::netlogit with nullhyp = "qapspp".
# Run from this folder: Rscript mrqap.R. Writes mrqap_data.json (simulated) and mrqap.json.
library(jsonlite)
set.seed(1937)
n <- 16
u <- rnorm(n)
# predictors correlated with one another and within rows and columns
x1 <- outer(u, rnorm(n), "+") + matrix(rnorm(n * n), n)
x2 <- 0.6 * x1 + matrix(rnorm(n * n), n)
x3 <- abs(outer(u, u, "-"))
y <- 0.1 * x1 + 0.15 * x3 + outer(rnorm(n), rnorm(n), "+") + matrix(rnorm(n * n), n)
half <- function(m) { m <- (m + t(m)) / 2; diag(m) <- NA; m }
cut <- function(m) { b <- (m > 0.5) * 1; diag(b) <- NA; b }
directed <- list(y = y, x1 = x1, x2 = x2, x3 = x3, tie = cut(y))
undirected <- lapply(directed[1:4], half)
undirected$tie <- cut(undirected$y)
write_json(list(directed = lapply(directed, round, 4), undirected = lapply(undirected, round, 4)),
           "mrqap_data.json", digits = NA, na = "null")
data <- fromJSON("mrqap_data.json")
reps <- 20000
fit <- function(d, mode, f, outcome) {
  m <- f(d[[outcome]], list(d$x1, d$x2, d$x3), mode = mode, nullhyp = "qapspp", reps = reps)
  list(coef = unname(as.vector(m$coefficients)), statistic = unname(as.vector(m$tstat)),
       p = as.vector(m$pgreqabs), reps = reps)
}
suppressWarnings(out <- list(
  directed = fit(data$directed, "digraph", sna::netlm, "y"),
  undirected = fit(data$undirected, "graph", sna::netlm, "y")
))
reps <- 2000
suppressWarnings({
  out$directed_logit <- fit(data$directed, "digraph", sna::netlogit, "tie")
  out$undirected_logit <- fit(data$undirected, "graph", sna::netlogit, "tie")
})
out$versions <- list(R = R.version.string, sna = as.character(packageVersion("sna")))
write_json(out, "mrqap.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
