# Reference values for corrected p-values. Run from this folder: Rscript multiple.R.
library(jsonlite)
p <- c(0.012, 0.0004, 0.51, 0.049, 0.049, 0.2, 0.9, 0.031)
write_json(list(p = p, holm = p.adjust(p, "holm"), benjamini_hochberg = p.adjust(p, "BH"),
                versions = list(R = R.version.string)),
           "multiple.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
