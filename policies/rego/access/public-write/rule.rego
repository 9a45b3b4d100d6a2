package appguard.rules.public_write

# METADATA
# scope: document
# title: Anonymous people do not write unseen
# description: >-
#   An app open to partners or the public that changes data needs somebody who answers for abuse and
#   mistakes.
# custom:
#   rule: public-write
#   severity: approve
#   remediation: >-
#     Open the app to employees only, drop the command, or let a reviewer confirm who handles what
#     comes in.
#   controls: [ISO27001-A.8.26]
deny contains finding if {
	input.manifest.intent.users in outside
	some command in input.touched_commands
	finding := {
		"rule": "public-write",
		"msg": sprintf("People outside the company could send %s of %s.", [command.name, command.connector]),
		"path": command.path,
	}
}

outside := {"partners", "public"}
