"""Plans of a fictional city with a known truth, for teaching, tests and power (虚构示例)."""

from policylab.simulate.simulation import Simulation, simulate_plans, write_demo

__all__ = ["Simulation", "simulate_plans", "write_demo"]
