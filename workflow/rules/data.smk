# Stage 1: nothing is computed from tables that do not validate.
from innercircle.data.chapter import chapter_tables

DATA_TABLES = chapter_tables(TABLES)


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


rule data_chapter:
    input:
        raw(*TABLES),
        package=PACKAGE,
    output:
        expand(
            f"{RESULTS}/tables/{{table}}{{suffix}}",
            table=DATA_TABLES,
            suffix=[".csv", ".tex"],
        ),
        html=[
            report(
                f"{RESULTS}/tables/{table}.html",
                category="Data",
                caption="../report/data_chapter.rst",
                labels={"table": table.replace("_", " ")},
            )
            for table in DATA_TABLES
        ],
    log:
        f"{LOGS}/data_chapter.log",
    benchmark:
        f"{LOGS}/benchmarks/data_chapter.tsv"
    conda:
        ENVIRONMENT
    params:
        tables=list(TABLES),
        settings=settings("status", "source", "years"),
        code=code("data"),
    script:
        "../scripts/data_chapter.py"
