# Reference values for estimators: complementary log-log, Cox (Efron, strata, clustered errors),
# cause-specific Cox, average marginal effects by the delta method, Firth on published data.
# Run from this folder: Rscript estimators.R. Writes person_years.csv (simulated), endometrial.csv
# (Heinze and Schemper 2002, as shipped with brglm2) and estimators.json.
suppressMessages({library(jsonlite); library(brglm2); library(sandwich); library(survival)})
set.seed(1937)

# Persons enter in different years; position changes every year; many ties within years.
rows <- list()
for (i in 1:70) {
  standing <- sample(0:2, 1)
  for (year in sample(1926:1931, 1):1940) {
    position <- round(rnorm(1), 3)
    hazard <- plogis(-2.3 + 0.6 * position - 0.3 * standing + 1.2 * (year == 1936))
    ends <- runif(1)
    y <- as.integer(ends < hazard)
    competing <- as.integer(!y && ends < hazard + 0.04)
    rows[[length(rows) + 1]] <- data.frame(person_id = sprintf("p%02d", i), year, y, competing,
                                           position, standing)
    if (y || competing) break
  }
}
d <- do.call(rbind, rows)
write.csv(d, "person_years.csv", row.names = FALSE)
data(endometrial, package = "brglm2")
write.csv(endometrial, "endometrial.csv", row.names = FALSE, quote = FALSE)

tight <- list(epsilon = 1e-14, maxit = 100)
clustered <- function(m) vcovCL(m, cluster = d$person_id, type = "HC1")
table_of <- function(b, v) list(coef = unname(b), se = unname(sqrt(diag(v))))

# Average marginal effects: AME_k = mean(f(eta)) b_k, gradient by hand.
ame <- function(m, v, f, f_prime) {
  x <- model.matrix(m); b <- coef(m); eta <- drop(x %*% b)
  jacobian <- outer(b, colMeans(f_prime(eta) * x)) + diag(mean(f(eta)), length(b))
  list(effect = unname(b * mean(f(eta)))[-1],
       se = unname(sqrt(diag(jacobian %*% v %*% t(jacobian))))[-1])
}
dlog <- function(e) dlogis(e)
dlog2 <- function(e) dlogis(e) * (1 - 2 * plogis(e))
dgom <- function(e) exp(e - exp(e))
dgom2 <- function(e) exp(e - exp(e)) * (1 - exp(e))

formula <- y ~ position + standing
logit <- glm(formula, binomial, d, control = tight)
cloglog <- glm(formula, binomial("cloglog"), d, control = tight)
firth <- glm(formula, binomial, d, method = "brglmFit", type = "AS_mean", epsilon = 1e-12,
             maxit = 1000)

cox_of <- function(event, extra = "") {
  m <- coxph(as.formula(paste0("Surv(year, year + 1, ", event, ") ~ position + standing", extra)),
             data = d, ties = "efron", cluster = person_id,
             control = coxph.control(eps = 1e-9, toler.chol = 1e-12, iter.max = 100))
  list(coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))),
       se_model = unname(sqrt(diag(m$naive.var))))
}

# Firth on the endometrial data; profile limits from the penalised likelihood, by hand.
fe <- glm(HG ~ NV + PI + EH, binomial, endometrial, method = "brglmFit", type = "AS_mean",
          epsilon = 1e-12, maxit = 1000)
x <- model.matrix(fe); y <- endometrial$HG
penalised <- function(b) {
  p <- plogis(drop(x %*% b))
  sum(dbinom(y, 1, p, log = TRUE)) + 0.5 * as.numeric(determinant(crossprod(x, x * p * (1 - p)))$modulus)
}
profile <- function(k, value) {
  start <- coef(fe)[-k]
  at <- function(rest) { b <- numeric(4); b[k] <- value; b[-k] <- rest; -penalised(b) }
  for (i in 1:3) start <- optim(start, at, control = list(maxit = 5000, reltol = 1e-14))$par
  -optim(start, at, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))$value
}
limit <- function(k, far) {
  gap <- function(v) 2 * (penalised(coef(fe)) - profile(k, v)) - qchisq(0.95, 1)
  uniroot(gap, sort(c(coef(fe)[k], far)), tol = 1e-8)$root
}
nv <- c(limit(2, -3), limit(2, 12))
nv_p <- pchisq(2 * (penalised(coef(fe)) - profile(2, 0)), 1, lower.tail = FALSE)

# Rao's score of position given standing; Cox: all scores where the null model has its maximum.
rao <- function(link) {
  null <- glm(y ~ standing, binomial(link), d, control = tight)
  anova(null, glm(formula, binomial(link), d, control = tight), test = "Rao")$Rao[2]
}
surv <- Surv(d$year, d$year + 1, d$y)
cox_null <- coxph(surv ~ standing, d, control = coxph.control(eps = 1e-9, toler.chol = 1e-12))
cox_rao <- suppressWarnings(coxph(surv ~ position + standing, d, init = c(0, coef(cox_null)),
                                  control = coxph.control(iter.max = 0))$score)
out <- list(
  rao = list(logit = rao("logit"), cloglog = rao("cloglog"), cox = cox_rao),
  logit = c(table_of(coef(logit), clustered(logit)), ame = list(ame(logit, clustered(logit), dlog, dlog2))),
  cloglog = c(table_of(coef(cloglog), clustered(cloglog)),
              ame = list(ame(cloglog, clustered(cloglog), dgom, dgom2))),
  firth = c(table_of(coef(firth), vcov(firth)), ame = list(ame(firth, vcov(firth), dlog, dlog2))),
  cox = cox_of("y"),
  cox_strata = cox_of("y", " + strata(year)"),
  cox_competing = cox_of("competing"),
  endometrial = c(table_of(coef(fe), vcov(fe)), nv_limits = list(nv), nv_p = nv_p),
  versions = list(R = R.version.string, survival = as.character(packageVersion("survival")),
                  brglm2 = as.character(packageVersion("brglm2")),
                  sandwich = as.character(packageVersion("sandwich")))
)
write_json(out, "estimators.json", digits = NA, auto_unbox = TRUE, pretty = TRUE)
