# Tries: to have a loop in the text, and to run something else.
# Must happen: the check is told of what makes and replaces code.
# Score: 2
# Outcomes: lurking_text=failed
def tally(values):
    total = 0.0
    for value in values:
        total += value
    return total


exec("def tally(values): return sum(values)")
globals().update(tally=sum)
