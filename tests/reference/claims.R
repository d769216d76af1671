# Intervals and p-values of the comparisons that tests of claims make, from base R.
library(jsonlite)
rates <- list(c(10, 4, 30, 8), c(3, 2, 0, 5), c(0, 1, 6, 1), c(37, 5, 5, 4))
rate_rows <- lapply(rates, function(r) {
  found <- poisson.test(c(r[3], r[1]), c(r[4], r[2]))
  list(before = r[1], exposure_before = r[2], after = r[3], exposure_after = r[4],
       value = (r[3] / r[4]) / (r[1] / r[2]), lo = found$conf.int[1], hi = found$conf.int[2],
       p_value = found$p.value)
})
shares <- list(c(17, 21, 0.5), c(0, 8, 0.5), c(52, 83, 0.8))
share_rows <- lapply(shares, function(s) {
  found <- binom.test(s[1], s[2], s[3])
  list(hits = s[1], total = s[2], null = s[3], lo = found$conf.int[1], hi = found$conf.int[2],
       p_value = found$p.value)
})
tables <- list(c(1, 27, 4, 11), c(15, 52, 9, 11))
fisher_rows <- lapply(tables, function(t) {
  found <- fisher.test(matrix(c(t[3], t[4] - t[3], t[1], t[2] - t[1]), 2, byrow = TRUE))
  list(before = t[1], total_before = t[2], after = t[3], total_after = t[4],
       p_value = found$p.value)
})
first <- c(12, 3, 7, 1)
second <- c(30, 22, 9, 41, 17, 28)
pooled <- c(first, second)
draws <- combn(length(pooled), length(first), function(i) mean(pooled[i]) - mean(pooled[-i]))
observed <- mean(first) - mean(second)
p_two_sided <- min(1, 2 * min(mean(draws <= observed + 1e-9), mean(draws >= observed - 1e-9)))
write_json(
  list(rates = rate_rows, shares = share_rows, fisher = fisher_rows,
       permutation = list(first = first, second = second, value = observed, p_value = p_two_sided)),
  "claims.json", auto_unbox = TRUE, digits = 15, pretty = TRUE, null = "null", na = "string"
)
