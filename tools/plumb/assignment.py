"""An assignment as one variant releases it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.core.checks import Check
from autograder.harness import Manifest, Question
from plumb.exclusions import Exclusions
from plumb.sources import SourceCell
from plumb.strip import Style
from plumb.variant import NameMap, Variant


@dataclass(frozen=True)
class Assignment:
    """An assignment as one variant releases it.

    Attributes:
        folder: the ``assignment/`` folder.
        solutions: the folder of the reference distribution.
        variant: the content of the variant's file.
        name_map: translates the reference's names into the variant's.
        manifest: the harness's manifest, without the names of the answer files.
        checks: the checks of the variant's questions, in order, with the variant's points.
        check_files: the files that define them, and others.
        cells: the cells of each notebook, as this variant has them.
        exclusions: what this variant leaves out of the reference.
        data: the file of the data set, if there is one.
        given_data: the files of ``data/``, by path with it, for students and boxes.
        grader_data: the files of ``grader_data/``, by path below it, for graders alone.
        remarks: which texts of the notebooks are not translated.
        has_package: whether students get a package. If not, all answers are in notebooks, and the
            harness has an empty one.
    """

    folder: Path
    solutions: Path
    variant: Variant
    name_map: NameMap
    manifest: Manifest
    checks: tuple[Check, ...]
    check_files: tuple[Path, ...]
    cells: Mapping[str, tuple[SourceCell, ...]]
    exclusions: Exclusions
    data: Path | None
    given_data: Mapping[str, bytes]
    grader_data: Mapping[str, bytes]
    remarks: tuple[str, ...]
    has_package: bool = True

    @property
    def variant_name(self) -> str:
        """The variant's name."""
        return self.manifest.variant

    @property
    def title(self) -> str:
        """The title that people see."""
        return self.manifest.title

    @property
    def package(self) -> str:
        """The name of the students' package."""
        return self.manifest.package

    @property
    def student_folder(self) -> str:
        """The name of the students' folder, and of the archive that they hand in.

        It is the package's name, followed by the variant's if that is another word.
        """
        if not self.has_package:
            return self.variant_name
        package, variant = self.package, self.variant_name
        return package if variant.lower() == package.lower() else f"{package}-{variant}"

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The names of the notebooks, in order."""
        return self.manifest.notebooks

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that the variant asks, in order."""
        return self.manifest.questions

    @property
    def asked(self) -> frozenset[str]:
        """The ids of the questions that the variant asks."""
        return frozenset(question.id for question in self.questions)

    @property
    def style(self) -> Style:
        """The words of the students' markers."""
        return self.variant.markers

    @property
    def package_source(self) -> Path:
        """The folder of the reference package."""
        return self.solutions / self.name_map.reference
