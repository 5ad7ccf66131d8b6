# Tries: to fill the grader's memory by the file that is asked for.
# Must happen: a file of more than 8 MiB is not read.
# Score: 2
# Outcomes: lurking_file=error
def save(count):
    with open("rows.csv", "wb") as file:
        file.truncate(12_000_000)
