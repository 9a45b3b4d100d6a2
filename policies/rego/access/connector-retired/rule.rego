package appguard.rules.connector_retired

# METADATA
# scope: document
# title: Retired connectors are gone
# description: >-
#   A retired connector is being switched off; an app built on it would break.
# custom:
#   rule: connector-retired
#   severity: block
#   remediation: >-
#     Use the connector that replaces it; the connector's file says which.
#   controls: [SOC2-CC8.1]
deny contains finding if {
	some connector in input.connectors
	connector.state == "retired"
	finding := {
		"rule": "connector-retired",
		"msg": sprintf("The connector %s is retired.", [connector.name]),
		"path": connector.path,
	}
}
