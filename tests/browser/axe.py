"""axe-core on a page: which serious faults would keep people from using it?"""

from axe_playwright_python.async_playwright import Axe

SERIOUS = {"serious", "critical"}


async def faults(page):
    """Each serious or critical violation, as a line with the elements that have it."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{each['impact']} {each['id']}: {target} {node['failureSummary']}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
        for target in node["target"]
    ]
