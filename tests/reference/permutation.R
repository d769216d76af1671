# Exact conditional tests to which within-year permutation reduces when position has two values,
# half of each year high, and there are no controls: Fisher's for one year, the exact
# Cochran-Mantel-Haenszel test for several. Run from this folder: Rscript permutation.R.
library(jsonlite)
# purged among the high and among the low, persons high (= low), for each year
purged_high <- c(5, 2, 3); purged_low <- c(1, 1, 0); half <- c(6, 4, 5)
tables <- array(rbind(purged_high, half - purged_high, purged_low, half - purged_low), c(2, 2, 3))
write_json(list(purged_high = purged_high, purged_low = purged_low, half = half,
                fisher = apply(tables, 3, function(t) fisher.test(t)$p.value),
                mantel_haenszel = mantelhaen.test(tables, exact = TRUE)$p.value,
                versions = list(R = R.version.string)),
           "permutation.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
