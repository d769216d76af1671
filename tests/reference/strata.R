# Reference values for Cox regression with strata within years, errors clustered by person.
# Run from this folder, after estimators.R: Rscript strata.R. Writes strata.json.
suppressMessages({library(jsonlite); library(survival)})
d <- read.csv("person_years.csv")
d$z <- ave(d$position, d$year, FUN = function(v) (v - mean(v)) / sqrt(mean((v - mean(v))^2)))
m <- coxph(Surv(year, year + 1, y) ~ z + strata(standing), data = d, cluster = person_id,
           ties = "efron", control = coxph.control(eps = 1e-14, iter.max = 100))
write_json(list(coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m))))), "strata.json",
           digits = 12, auto_unbox = TRUE, pretty = TRUE)
