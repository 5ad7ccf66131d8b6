"""The rooms: the picture in CONTRIBUTING.md shows the imports, and imports go downward."""

import tomllib

from tests.rooms import ROOT, direct, drawn, modules, room_of, uses

PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def test_the_picture_of_the_rooms_is_that_of_the_imports():
    graph = {room: others for room, others in uses().items() if room != "autograder"}
    assert drawn(PAGE) == direct(graph)


def test_every_room_is_described():
    rows = PAGE.partition("| room | what is in it |")[2].partition("\n\n")[0]
    rooms = {room_of(module) for module, _ in modules()} - {"autograder", "plumb", "plumbline"}
    assert {
        room for room in rooms if f"`{room}/`" not in rows and f"`{room}.py`" not in rows
    } == set()


def test_the_linter_knows_every_room():
    """Its contract is exhaustive: without that, a new room would stand on no floor."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = project["tool"]["importlinter"]["contracts"][0]
    floors = {room.strip() for layer in contract["layers"] for room in layer.split("|")}
    assert contract["exhaustive"] is True
    assert floors == {room_of(m) for m, _ in modules()} - {"autograder", "plumb", "plumbline"}


def test_what_enters_the_box_and_what_students_get_stands_alone():
    graph = uses()
    assert (graph["core"], graph["box"], graph["selfcheck"]) == (set(), {"core"}, {"core"})


def test_few_modules_lie_loose():
    loose = [path.name for path in (ROOT / "autograder").glob("*.py") if path.stem != "__init__"]
    assert len(loose) <= 12
