# Tries: to have JavaScript, HTML and SVG run in the browser of whoever looks at the report.
# Must happen: outputs are never taken; what the answer prints is shown as text.
# Score: 13
# Outcomes: best=error
from tests.attacks.vault import notebook


def build():
    active = "<script>fetch('http://127.0.0.1/')</script><img src=x onerror=alert(1)>"
    active += "<svg onload=alert(1)><a href='javascript:alert(1)'>x</a>"
    output = {"text/html": active, "image/svg+xml": active, "application/javascript": "alert(1)"}
    outputs = [{"output_type": "display_data", "data": output, "metadata": {}}]
    source = f"def best(n):\n    print({active!r})\n    raise ValueError({active!r})\n"
    return notebook([{"id": "best-answer", "source": source, "outputs": outputs}])
