"""What is wrong with connector files before anybody uses them: `appguard connectors lint`.

`rules` looks at the files alone, `database` at the source behind them. A rule is a function that
yields faults; what a fault means and how to mend it stands in the book of rules, once. Needs sqlglot,
which is part of the command line and of no layer.
"""
