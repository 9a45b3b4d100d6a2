from appguard.siem.backoff import ATTEMPTS, CAP, LONGEST_ASKED, at_least, pauses


def test_pauses_double_up_to_a_cap_and_end():
    longest = list(pauses(lambda most: most))
    assert longest == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert (len(longest), max(longest) <= CAP) == (ATTEMPTS - 1, True)


def test_jitter_spreads_each_pause_over_its_whole_length():
    assert list(pauses(lambda most: 0.0)) == [0.0] * (ATTEMPTS - 1)


def test_what_was_asked_for_is_granted_within_reason():
    assert [at_least(2.0, asked) for asked in (None, 1.0, 30.0, 1e9)] == [2.0, 2.0, 30.0, LONGEST_ASKED]
