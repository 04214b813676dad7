"""The parts of the stand-in Telnyx: see bot.sandbox.telnyx_api."""
