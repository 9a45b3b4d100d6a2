package appguard.shared.classes

# A class nobody knows counts as the most sensitive: an absent operand must not make a rule silent.
rank(class) := object.get(data.data_classes, [class, "order"], 99)

at_least(class, floor) if rank(class) >= rank(floor)

below(class, ceiling) if rank(class) < rank(ceiling)
