"""Numbered migrations, from every released schema to the present one."""
