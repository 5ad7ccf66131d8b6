# Tries: to break whoever parses its text, by brackets that are nested deep.
# Must happen: the text is not looked at; the check is an error.
# Score: 2
# Outcomes: lurking_text=error
def tally(values):
    for value in values:
        pass


# fmt: off
DEEP = [
    [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
    [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
    [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
    ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
]
