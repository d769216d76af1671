# Exact conditional test of no association in 2 x 2 x K tables (stats::mantelhaen.test), R's own.
# Each column of a matrix is a year: exposed fallen, exposed others, unexposed fallen, others.
library(jsonlite)
tables <- list(
  sparse = cbind(c(2, 1, 1, 6), c(0, 3, 2, 5), c(3, 2, 2, 9)),
  none = cbind(c(1, 9, 2, 18), c(2, 4, 5, 11)),
  single = cbind(c(4, 1, 2, 8))
)
out <- lapply(tables, function(m) {
  cube <- array(m, dim = c(2, 2, ncol(m)))
  p <- if (ncol(m) == 1) {
    fisher.test(cube[, , 1], alternative = "greater")$p.value
  } else {
    mantelhaen.test(cube, exact = TRUE, alternative = "greater")$p.value
  }
  list(table = t(m), p_greater = p)
})
out$version <- R.version.string
write_json(out, "mechanisms.json", auto_unbox = TRUE, digits = NA, pretty = TRUE)
