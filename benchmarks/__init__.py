"""What is measured, against what, and how to repeat it. See README.md beside this file."""
