"""The sandbox's page: a Slack workspace in the browser, drawn from the stand-in's records."""
