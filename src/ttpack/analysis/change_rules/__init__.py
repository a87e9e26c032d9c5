"""Which of the 91 change rules a change falls under, and of what class it is (change-control.md, change-rules.csv)."""
