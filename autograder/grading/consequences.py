"""Which checks failed in consequence of a question that they need.

Every check is run, whatever it needs: a net on the given fast layers may be right although a naive
layer is not written. Only when all checks were run is it known which questions earned nothing, and
then a failure is explained by them. An explanation never costs a point: a check that earned points
keeps its outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from autograder.core.checks import Check
from autograder.records import CheckResult, Outcome

#: The outcomes that a needed question can explain. A stub of the check's own question is missing,
#: whatever else the check needs. A limit that stopped the code stays in the report: it is certain,
#: while a consequence is only likely, and an endless loop may stand in the check's own question.
EXPLAINED = (Outcome.FAILED, Outcome.ERROR)


def with_consequences(
    checks: Iterable[Check], results: Mapping[str, CheckResult], open_regions: Collection[str] = ()
) -> dict[str, CheckResult]:
    """The results of all checks by their ids; failed ones that follow from another are *skipped*.

    Args:
        checks: all checks of the harness.
        results: of all checks, by the check's id.
        open_regions: the regions that are known to be unwritten without running any code.
    """
    by_question: dict[str, list[CheckResult]] = {}
    for result in results.values():
        by_question.setdefault(result.question, []).append(result)
    unearned = {question for question, own in by_question.items() if _earned_nothing(own)}
    explained = {}
    for check in checks:
        result = results[check.id]
        needed = next((q for q in check.needs if q in unearned and q != check.question), "")
        if needed and result.outcome in EXPLAINED:
            message = f"it needs {needed}, which earned nothing; when it was run: {result.message}"
            result = msgspec.structs.replace(
                result, outcome=Outcome.SKIPPED, message=message, blocked_by=[needed]
            )
        elif not check.visible:
            result = _without_unproven(result, unearned, open_regions)
        explained[check.id] = result
    return explained


def _earned_nothing(results: Collection[CheckResult]) -> bool:
    """Whether the checks of a question earned no point, and that is no failure of ours."""
    return not any(r.score or r.outcome is Outcome.NOT_GRADED for r in results)


def _without_unproven(
    result: CheckResult, unearned: Collection[str], open_regions: Collection[str]
) -> CheckResult:
    """The result of a hidden check, which names no region that its code alone called unwritten.

    A student reads that name, and code that saw a hidden input could pass the input on by it.
    """
    proven = [
        region
        for region in result.blocked_by
        if region in open_regions or region.partition(".")[0] in unearned
    ]
    return msgspec.structs.replace(result, blocked_by=proven)
