# Kaplan-Meier curves with late entry and log-log limits: survival::survfit, by group.
library(survival)
library(jsonlite)
set.seed(20)
rows <- do.call(rbind, lapply(1:40, function(i) {
  n <- sample(1:7, 1)
  fell <- runif(1) < 0.6
  data.frame(
    person_id = paste0("p", i),
    start = 0:(n - 1), stop = 1:n,
    event = c(rep(FALSE, n - 1), fell),
    group = ifelse(runif(n) < 0.5, "above", "below")
  )
}))
out <- lapply(split(rows, rows$group), function(part) {
  fit <- survfit(Surv(start, stop, event) ~ 1, data = part, conf.type = "log-log")
  list(time = fit$time, survival = fit$surv, lo = fit$lower, hi = fit$upper,
       at_risk = fit$n.risk, events = fit$n.event)
})
write_json(
  list(rows = rows, curves = out, version = R.version.string, survival = as.character(packageVersion("survival"))),
  "survival_curves.json", auto_unbox = TRUE, digits = NA, na = "null", pretty = FALSE
)
