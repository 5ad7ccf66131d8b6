"""Where control groups can be made, as found from the kernel's files."""

from pathlib import Path

import pytest

from autograder.limits import Limits
from autograder.sandbox.cgroups import (
    ControlGroup,
    GroupMaker,
    candidates,
    mounted_hierarchies,
    own_groups,
)

V2 = "30 23 0:26 / {place} rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = """\
33 30 0:30 / {place}/memory rw,relatime - cgroup cgroup rw,memory
34 30 0:31 / {place}/pids rw,relatime - cgroup cgroup rw,pids
35 30 0:32 / {place}/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct
36 30 0:33 / {place}/unified rw,relatime - cgroup2 cgroup2 rw
"""


def folders(top, *names, **files):
    for name in names:
        (top / name).mkdir(parents=True)
        for file, text in files.items():
            (top / name / file.replace("_", ".", 1)).write_text(text)
    return top


def found(mountinfo, cgroup):
    return list(candidates(mounted_hierarchies(mountinfo), own_groups(cgroup)))


def test_version_2_takes_the_nearest_group_that_hands_its_controllers_down(tmp_path):
    user = "user.slice/user-1000.slice"
    folders(
        tmp_path, f"{user}/session-3.scope", cgroup_controllers="cpu", cgroup_subtree_control=""
    )
    folders(tmp_path / user / "app.slice", "run.scope", cgroup_controllers="cpu memory pids",
            cgroup_subtree_control="")  # fmt: skip
    for name in (user, "user.slice", f"{user}/app.slice"):
        (tmp_path / name / "cgroup.controllers").write_text("cpu memory pids")
        (tmp_path / name / "cgroup.subtree_control").write_text("memory pids")
    mounts = V2.format(place=tmp_path)
    session = found(mounts, f"0::/{user}/session-3.scope\n")
    assert [c.parents[0].name for c in session] == ["user-1000.slice", "user.slice"]
    assert {c.name for c in session} == {"cgroup v2"}
    scope = found(mounts, f"0::/{user}/app.slice/run.scope\n")
    assert scope[0].parents == (tmp_path / user / "app.slice" / "run.scope",)


def test_controllers_are_turned_on_where_that_is_allowed(tmp_path):
    folders(tmp_path, "a", cgroup_controllers="cpu memory pids", cgroup_subtree_control="cpu")
    assert found(V2.format(place=tmp_path), "0::/a\n")
    assert (tmp_path / "a" / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_the_share_of_the_processors_is_turned_on_where_that_is_allowed(tmp_path):
    both = {"cgroup_controllers": "cpu memory pids", "cgroup_subtree_control": "memory pids"}
    folders(tmp_path, "a", **both)
    assert found(V2.format(place=tmp_path), "0::/a\n")
    assert (tmp_path / "a" / "cgroup.subtree_control").read_text() == "+cpu"


@pytest.mark.parametrize(("file", "weight"), [("cpu.weight", "100"), ("cpu.shares", "1024")])
def test_a_box_has_a_share_of_the_processors(tmp_path, file, weight):
    for name in ("memory.max", "pids.max", file):
        (tmp_path / name).write_text("")
    ControlGroup([tmp_path]).limit(Limits())
    assert (tmp_path / file).read_text() == weight


def test_without_a_controller_for_it_a_box_has_no_share(tmp_path):
    for name in ("memory.max", "pids.max"):
        (tmp_path / name).write_text("")
    ControlGroup([tmp_path]).limit(Limits(memory_mb=1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["memory.max", "pids.max"]


def test_a_group_outside_of_what_is_mounted_is_none_of_ours(tmp_path):
    folders(tmp_path, "a", cgroup_controllers="memory pids", cgroup_subtree_control="")
    assert found(V2.format(place=tmp_path), "0::/../b\n") == []
    inside = V2.replace("0:26 / ", "0:26 /docker/1234 ").format(place=tmp_path)
    assert found(inside, "0::/other/5678\n") == []
    assert found(inside, "0::/docker/1234/a\n")


def test_version_1_takes_both_controllers_and_version_2_for_killing(tmp_path):
    folders(tmp_path, "memory/x", "pids", "cpu", "unified")
    mounts = V1.format(place=tmp_path)
    groups = "4:memory:/x\n8:pids:/\n1:cpu,cpuacct:/\n0::/\n"
    first, second, third = found(mounts, groups)
    assert {maker.name for maker in (first, second, third)} == {"cgroup v1"}
    memory, pids, cpu, unified = (tmp_path / n for n in ("memory/x", "pids", "cpu", "unified"))
    assert first.parents == (memory, pids, cpu, unified)
    assert second.parents == (memory, pids, unified)
    assert third.parents == (memory, pids)
    assert found(V1.format(place=tmp_path), "4:memory:/x\n") == []


def test_a_limit_that_cannot_be_set_is_not_passed_over(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such control"):
        GroupMaker("cgroup v2", (tmp_path,)).make(Limits())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "text", "out"),
    [
        ("memory.events", "low 0\noom 3\noom_kill 2\n", True),
        ("memory.events", "low 0\noom 3\noom_kill 0\n", False),
        ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", True),
    ],
)
def test_what_the_kernel_killed_for_memory_is_seen(tmp_path, file, text, out):
    (tmp_path / file).write_text(text)
    assert ControlGroup([tmp_path]).out_of_memory() is out
    assert ControlGroup([Path("/nowhere")]).out_of_memory() is False
