# For `opa test policies`: every case of every rule, as appguard policy test runs them.
# appguard itself leaves this file out; its engine does not know `with` beside built-ins.
package appguard.opa_test

test_rules_fire_where_their_cases_say if {
	every rule, tests in data.appguard.cases {
		every case in tests.fires {
			count(case.at) == count([finding | some finding in data.appguard.rules[rule].deny with input as case.input])
		}
	}
}

test_rules_are_silent_where_their_cases_say if {
	every rule, tests in data.appguard.cases {
		every app in tests.silent {
			count([finding | some finding in data.appguard.rules[rule].deny with input as app]) == 0
		}
	}
}
