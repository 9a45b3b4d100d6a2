"""CloudFormation says when the platform was deployed; the ledger hears of both stacks and of no other."""


def test_the_rule_matches_our_two_stacks_at_rest(aws):
    (pattern,) = [
        rule["Properties"]["EventPattern"]
        for rule in aws.resources("AWS::Events::Rule").values()
        if rule["Properties"]["EventPattern"]["source"] == ["aws.cloudformation"]
    ]
    assert pattern["detail-type"] == ["CloudFormation Stack Status Change"]
    assert pattern["detail"]["status-details"]["status"] == [{"suffix": "_COMPLETE"}, {"suffix": "_FAILED"}]
    ends = [matcher["prefix"]["Fn::Join"][1][-1] for matcher in pattern["detail"]["stack-id"]]
    assert ends == [":stack/appguard-data/", ":stack/appguard-platform/"]


def test_the_function_that_notes_it_knows_what_is_running(aws):
    words = aws.functions()["appguard-operations-noting-deployment"]["Environment"]["Variables"]
    assert words["PLATFORM_CODE"].startswith("code-")
    assert words["PLATFORM_CONFIGURATION"].startswith("sha256:")
