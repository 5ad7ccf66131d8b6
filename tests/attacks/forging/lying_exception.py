# Tries: to break whoever writes down its exception: a text that raises, has no end, or lies.
# Must happen: the text is cut or left out; the check fails.
# Score: 2
# Outcomes: double=error lurking_treasure=error|killed unlocks=error
#   lurking_lock=error
class Evil(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


class Long(Exception):
    def __str__(self):
        return "<script>fetch('//x')</script>\x1b[2J" * 200_000


def double(x):
    raise Evil


def secret():
    raise type("<img src=x onerror=alert(1)>" * 1000, (Long,), {})


def unlocked(x, lock):
    def deeper(n):
        return deeper(n + 1)

    try:
        deeper(0)
    except RecursionError as error:
        raise Evil from error
