# Tries: to change how cells are run: hooks, transformers and the shell's own methods.
# Must happen: that touches the student's process alone; a wrong answer stays wrong.
# Score: 13
# Outcomes: best=failed|error|missing
from tests.attacks.vault import notebook


def build():
    source = (
        "shell = get_ipython()\n"
        "shell.input_transformers_post.append(lambda lines: ['def best(n): return 122\\n'])\n"
        "shell.run_cell = lambda *a, **k: None\n"
        "type(shell).run_cell = lambda *a, **k: None\n"
        "shell.set_custom_exc((Exception,), lambda *a, **k: None)\n"
        "def best(n):\n    return 'passed'\n"
    )
    return notebook([{"id": "best-answer", "source": source}])
