package appguard.shared.classes

# A class nobody knows counts as the most sensitive: an absent operand must not make a rule silent.
rank(class) := object.get(data.data_classes, [class, "order"], 99)

at_least(class, floor) if rank(class) >= rank(floor)

# The classes of all columns the app reads, worked out once however many rules ask: what is not among
# them need not be looked for column by column.
read := {column.class | some query in input.touched_queries; some column in query.columns}

# The names of a query's columns of class `floor` or above; each class is ranked once, not each column.
columns(query, floor) := {column.name | some column in query.columns; column.class in high} if {
	high := {class | some class in {column.class | some column in query.columns}; at_least(class, floor)}
}
