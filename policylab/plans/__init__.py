"""Files to items: reading work plans as they were published."""

from policylab.plans.comparable import comparability
from policylab.plans.frames import Plans
from policylab.plans.read import read_plan, read_plans, read_table

__all__ = ["Plans", "comparability", "read_plan", "read_plans", "read_table"]
