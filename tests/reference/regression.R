# Reference values for regressions: glm, brglm2 (Firth), sandwich (clustered errors).
# Run from this folder: Rscript regression.R. Writes regression.json from regression.csv.
suppressMessages({library(jsonlite); library(brglm2); library(sandwich)})
d <- read.csv("regression.csv")
ml <- glm(y ~ x + standing, family = binomial, data = d, control = list(epsilon = 1e-14, maxit = 100))
# Mean bias reduction equals Firth's penalty in logistic regression.
firth <- glm(y ~ x + standing, family = binomial, data = d, method = "brglmFit", type = "AS_mean",
             epsilon = 1e-12, maxit = 1000)
# Stata's and statsmodels' small-sample factor: G/(G-1) * (N-1)/(N-K).
v <- vcovCL(ml, cluster = d$person_id, type = "HC1")
out <- list(
  logit = list(coef = unname(coef(ml)), se_cluster = unname(sqrt(diag(v)))),
  firth = list(coef = unname(coef(firth)), se = unname(sqrt(diag(vcov(firth))))),
  versions = list(R = R.version.string, brglm2 = as.character(packageVersion("brglm2")),
                  sandwich = as.character(packageVersion("sandwich")))
)
write_json(out, "regression.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
