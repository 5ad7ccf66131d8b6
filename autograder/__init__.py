"""Plumbline's engine: grades programming assignments whose answers are numbers."""
