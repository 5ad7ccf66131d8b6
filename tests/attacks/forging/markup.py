# Tries: to run in the browser of whoever reads the report, from what it prints, names and raises.
# Must happen: everything of a student's is shown as text.
# Score: 2
# Outcomes: double=error
def double(x):
    active = "<script>fetch('//x')</script><img src=x onerror=alert(1)><svg onload=alert(1)>"
    print(active, "</pre></details>{{ 7 * 7 }}{% raise %}[link=http://x]x[/link]")
    thing = type(active, (Exception,), {})
    raise thing(active)
