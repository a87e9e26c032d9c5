"""How each site validates: lifecycle approach, PPQ batches and why that many, what stands beside them."""

from collections.abc import Iterator
from typing import Final

from ttpack.analysis.site_comparison.agreements import own_approval
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    Statement,
    Subject,
    Value,
    code_value,
    codes_value,
    number_value,
    text_value,
)
from ttpack.model.execution import PpqPlan, ValidationStrategy

_STRATEGY: Final = Subject(("strategy",), "Validation strategy")
_PLAN: Final = Subject(("ppq",), "PPQ plan")


def statements(asked: Asked) -> Iterator[Statement]:
    """The strategy and the PPQ plan of each site; their acceptance criteria are a family of their own."""
    for strategy in asked.package.in_force(ValidationStrategy):
        if strategy.site and asked.among(strategy.site):
            approvals = tuple(own_approval(asked.package, strategy.id, strategy.difference_approval))
            fields = tuple(Field(*each, approvals=approvals) for each in _strategy(strategy))
            yield Statement(_STRATEGY, (strategy.site,), strategy.id, strategy.name, fields)
    for plan in asked.package.in_force(PpqPlan):
        if plan.site and asked.among(plan.site):
            approvals = tuple(own_approval(asked.package, plan.id, plan.difference_approval))
            fields = tuple(Field(*each, approvals=approvals) for each in _plan(plan))
            yield Statement(_PLAN, (plan.site,), plan.id, plan.name, fields)


def _strategy(given: ValidationStrategy) -> Iterator[tuple[str, str, Value | None]]:
    yield "approach", "approach", code_value(given.approach)
    yield "framework", "framework", code_value(given.framework)
    yield "ppq_batches", "PPQ batches", number_value(given.ppq_batches)
    yield "ppq_rationale", "why that many PPQ batches", text_value(given.ppq_rationale)
    yield "cleaning", "cleaning validation", text_value(given.cleaning)
    yield "filters", "filter validation", text_value(given.filters)
    yield "holds", "hold validation", text_value(given.holds)
    yield "transport", "transport validation", text_value(given.transport)
    yield "continued_verification", "continued verification", text_value(given.continued_verification)
    plan = given.continued_verification_plan
    if plan is not None:
        name = "continued_verification_plan"
        yield f"{name}.parameters", "what continued verification follows", codes_value(map(str, plan.parameters))
        yield f"{name}.signal_rules", "signal rules of continued verification", codes_value(plan.signal_rules)
        yield f"{name}.review_frequency", "review of continued verification", text_value(plan.review_frequency)


def _plan(given: PpqPlan) -> Iterator[tuple[str, str, Value | None]]:
    yield "batches", "batches", number_value(given.batches)
    yield "batch_rationale", "why that many batches", text_value(given.batch_rationale)
    yield "sampling_intensity", "sampling", text_value(given.sampling_intensity)
    yield "statistics", "statistics", text_value(given.statistics)
    yield "go_no_go", "go or no-go", text_value(given.go_no_go)
