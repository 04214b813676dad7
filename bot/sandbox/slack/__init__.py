"""The parts of the stand-in Slack: see bot.sandbox.slack_workspace."""
