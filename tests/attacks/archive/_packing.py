"""Archives as no honest tool makes them."""

import io
import tarfile
import warnings
import zipfile


def zipped(path, files, *more):
    """A zip of files by name, and of further (name or ZipInfo, bytes), whatever they are called."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, data in [*files.items(), *more]:
            archive.writestr(name, data)


def tarred(path, files, *more, mode="w"):
    """A tar of files by name, and of further TarInfo objects, or pairs of one and its bytes."""
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            archive.addfile(plain(name, len(data)), io.BytesIO(data))
        for member in more:
            info, data = member if isinstance(member, tuple) else (member, b"")
            archive.addfile(info, io.BytesIO(data))


def plain(name, size=0):
    """A regular file's header."""
    info = tarfile.TarInfo(name)
    info.size = size
    return info


def special(name, kind, target=""):
    """The header of a link, a device or a folder."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    info.devmajor, info.devminor = 1, 3
    return info


def renamed(honest, name):
    """Honest work whose package has this name, and whose modules import from that name."""
    files = {path.replace("vault/", f"{name}/"): data for path, data in honest.items()}
    files[f"{name}/ops.py"] += (
        "try:\n"
        f"    import {name}.calm\n"
        f'    print("GOT {name} for the package")\n'
        "except ImportError:\n"
        "    pass\n"
    ).encode()
    return files | {f"{name}/__init__.py": b"", f"{name}/wire.py": b"raise SystemExit(0)\n"}
