# Tries: to keep a given function that a check takes away, by imports and copies that it adds to the
#   given files, one of which Python runs before any other.
# Must happen: the check takes it away before any of them is run, and with the file all that was
#   added there.
# Score: 2
# Outcomes: slow=error
import vault


def slow(x):
    for way in (lambda: vault.kept, lambda: vault.fast.copied, lambda: vault.kept_module.quick):
        try:
            return way()(x)
        except (AttributeError, RuntimeError) as error:
            reason = error
    raise reason
