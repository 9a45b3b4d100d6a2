# METADATA
# title: All rules of the platform
# description: >-
#   Every rule stands here once; the loader refuses folders and index that disagree, so that
#   neither a deleted rule nor a forgotten line goes unnoticed. Each finding has the rule's name;
#   its severity and remedy stand in the METADATA of that rule.
package appguard

import data.appguard.rules

deny contains finding if some finding in rules.aws_permission.deny
deny contains finding if some finding in rules.connector_restricted.deny
deny contains finding if some finding in rules.connector_retired.deny
deny contains finding if some finding in rules.cross_account.deny
deny contains finding if some finding in rules.data_class_understated.deny
deny contains finding if some finding in rules.egress.deny
deny contains finding if some finding in rules.egress_forbidden.deny
deny contains finding if some finding in rules.export_personal.deny
deny contains finding if some finding in rules.form_help_missing.deny
deny contains finding if some finding in rules.input_incomplete.deny
deny contains finding if some finding in rules.internal_data_public.deny
deny contains finding if some finding in rules.personal_data.deny
deny contains finding if some finding in rules.personal_data_partners.deny
deny contains finding if some finding in rules.privilege_escalation.deny
deny contains finding if some finding in rules.public_write.deny
deny contains finding if some finding in rules.purpose_vague.deny
deny contains finding if some finding in rules.retention_short.deny
deny contains finding if some finding in rules.retirement_late.deny
deny contains finding if some finding in rules.runtime_elevated.deny
deny contains finding if some finding in rules.special_data.deny
deny contains finding if some finding in rules.tests_missing.deny
