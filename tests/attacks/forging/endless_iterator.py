# Tries: to be iterated over for ever.
# Must happen: it is stopped in time, or its length is limited.
# Score: 2
# Outcomes: lurking_treasure=failed|error|timeout
class Endless(tuple):
    def __iter__(self):
        while True:
            yield 0

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return self


def secret():
    return Endless()
