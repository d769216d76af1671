# Stage 1: nothing is computed from tables that do not validate.
from innercircle.data.chapter import chapter_tables

DATA_TABLES = chapter_tables(TABLES)


onstart:
    shell(f"{sys.executable} -m innercircle check {STUDY}")
    for line in SWITCHED_OFF:
        logger.info(line)


# The source's tables of visits keep its own name for them in the names of files.
CONTACTS = config.get("labels", {}).get("contacts", "contacts")


rule check_arithmetic:
    input:
        raw("contacts", "contact_totals"),
        package=PACKAGE,
    output:
        multiext(f"{RESULTS}/tables/{CONTACTS}_disagreements", ".csv", ".tex"),
        multiext(f"{RESULTS}/tables/{CONTACTS}_recomputed", ".csv", ".tex"),
        recomputed=report(
            f"{RESULTS}/tables/{CONTACTS}_recomputed.html",
            category="Data",
            caption="../report/contacts_check.rst",
            labels={"table": f"{CONTACTS}, printed and recomputed"},
        ),
        check=report(
            f"{RESULTS}/{CONTACTS}_check.csv",
            category="Data",
            caption="../report/contacts_check.rst",
            labels={"table": f"{CONTACTS}, every printed cell checked"},
        ),
        html=report(
            f"{RESULTS}/tables/{CONTACTS}_disagreements.html",
            category="Data",
            caption="../report/contacts_check.rst",
            labels={"table": f"{CONTACTS}, disagreements"},
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
        code=code("data", TABLES_CODE),
    script:
        "../scripts/data_chapter.py"
