# Stage 1: nothing is computed from tables that do not validate.
onstart:
    shell(f"{sys.executable} -m innercircle check {STUDY}")


rule check_arithmetic:
    input:
        raw("contacts", "contact_totals"),
        package=PACKAGE,
    output:
        multiext(f"{RESULTS}/tables/appendix2_disagreements", ".csv", ".tex"),
        check=report(
            f"{RESULTS}/appendix2_check.csv",
            category="Data",
            caption="../report/appendix2_check.rst",
        ),
        html=report(
            f"{RESULTS}/tables/appendix2_disagreements.html",
            category="Data",
            caption="../report/appendix2_check.rst",
        ),
    log:
        f"{LOGS}/check_arithmetic.log",
    benchmark:
        f"{LOGS}/benchmarks/check_arithmetic.tsv"
    conda:
        ENVIRONMENT
    params:
        code=code("output"),
    script:
        "../scripts/check_arithmetic.py"


rule data_quality:
    input:
        raw(*TABLES),
        package=PACKAGE,
    output:
        multiext(f"{RESULTS}/tables/data_quality", ".csv", ".tex"),
        html=report(
            f"{RESULTS}/tables/data_quality.html",
            category="Data",
            caption="../report/data_quality.rst",
        ),
    log:
        f"{LOGS}/data_quality.log",
    benchmark:
        f"{LOGS}/benchmarks/data_quality.tsv"
    conda:
        ENVIRONMENT
    params:
        settings=settings("status", "source"),
        code=code("data"),
    script:
        "../scripts/data_quality.py"
