# Tries: to let the grader wait for a pipe in the place of the file that is asked for.
# Must happen: nothing but a plain file is read.
# Score: 2
# Outcomes: lurking_file=error
import os


def save(count):
    os.mkfifo("rows.csv")
