"""Plumbline's grader of programming assignments whose answers are numbers."""
