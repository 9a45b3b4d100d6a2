import re

from appguard.kernel.actions import Action


def test_an_action_reads_noun_and_verb_and_says_in_a_sentence_what_it_tells():
    for action in Action:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", action), action
        assert action.tells.endswith("."), action


def test_no_two_actions_tell_the_same():
    assert len({action.tells for action in Action}) == len(Action)
