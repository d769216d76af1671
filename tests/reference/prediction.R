# Reference values for out-of-year prediction and for the logits behind it. Needs person_years.csv
# (see estimators.R). Run from this folder: Rscript prediction.R. Writes prediction.json.
suppressMessages({library(jsonlite); library(brglm2)})
d <- read.csv("person_years.csv")
# position is standardised within the year
z <- function(v) { s <- sqrt(mean((v - mean(v))^2)); if (s > 0) (v - mean(v)) / s else 0 * v }
d$position <- ave(d$position, d$year, FUN = z)

flic <- function(formula, train, test) {
  m <- glm(formula, binomial, train, method = "brglmFit", type = "AS_mean", epsilon = 1e-12,
           maxit = 1000)
  train$eta <- predict(m, train); test$eta <- predict(m, test)
  shift <- coef(glm(y ~ 1 + offset(eta), binomial, train, control = list(epsilon = 1e-14)))
  plogis(test$eta + shift)
}
out_of_year <- function(formula, d) {
  p <- numeric(nrow(d))
  for (year in unique(d$year)) {
    held <- d$year == year
    p[held] <- flic(formula, d[!held, ], d[held, ])
  }
  p
}
auc <- function(y, p) {
  w <- suppressWarnings(wilcox.test(p[y == 1], p[y == 0])$statistic)
  unname(w / (sum(y) * sum(1 - y)))
}
auc_within <- function(y, p, year) {
  parts <- sapply(split(data.frame(y, p), year), function(s) {
    pairs <- sum(s$y) * sum(1 - s$y)
    c(if (pairs) auc(s$y, s$p) * pairs else 0, pairs)
  })
  sum(parts[1, ]) / sum(parts[2, ])
}
measures <- function(d, p) {
  l <- qlogis(p)
  list(auc = auc(d$y, p), auc_within_year = auc_within(d$y, p, d$year), brier = mean((d$y - p)^2),
       calibration_intercept = unname(coef(glm(d$y ~ 1 + offset(l), family = binomial))),
       calibration_slope = unname(coef(glm(d$y ~ l, family = binomial))[2]))
}
forms <- list(with = y ~ position + standing, without = y ~ standing)
p <- lapply(forms, out_of_year, d = d)
compare <- function(d) {
  a <- lapply(forms, function(f) measures(d, out_of_year(f, d))[1:3])
  unlist(a$with) - unlist(a$without)
}
# Jackknife over persons: positions keep the values they have with everyone in.
people <- unique(d$person_id)
left <- t(sapply(people, function(i) compare(d[d$person_id != i, ])))
g <- length(people)
se <- sqrt((g - 1) / g * colSums(sweep(left, 2, colMeans(left))^2))
full <- compare(d)
reach <- qt(0.975, g - 1) * se

null_cloglog <- glm(y ~ standing, binomial("cloglog"), d, control = list(epsilon = 1e-14))
out <- list(with = p$with, without = p$without,
            accuracy = list(with = measures(d, p$with), without = measures(d, p$without)),
            difference = unname(full), lo = unname(full - reach), hi = unname(full + reach),
            cloglog = unname(coef(null_cloglog)),
            versions = list(R = R.version.string, brglm2 = as.character(packageVersion("brglm2"))))
write_json(out, "prediction.json", digits = 10, auto_unbox = TRUE)
