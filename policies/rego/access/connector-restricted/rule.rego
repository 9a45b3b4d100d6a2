package appguard.rules.connector_restricted

# METADATA
# scope: document
# title: Restricted connectors stay closed
# description: >-
#   A connector marked restricted has an owner who has not opened it to micro apps. The review
#   cannot consent in the owner's place.
# custom:
#   rule: connector-restricted
#   severity: block
#   remediation: >-
#     Use an approved connector, or ask the connector's owner to open it; its file names the owner.
#   controls: [ISO27001-A.5.15, SOC2-CC6.1]
deny contains finding if {
	some connector in input.connectors
	connector.state == "restricted"
	finding := {
		"rule": "connector-restricted",
		"msg": sprintf("The connector %s is restricted; %s decides who may use it.", [connector.name, connector.owner]),
		"path": connector.path,
	}
}
