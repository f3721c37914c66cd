"""Signs up at an address and keeps a task there, in Chromium: python -m tests.deploy.visit http://localhost:3000."""

import sys

from playwright.sync_api import sync_playwright

from tests.browser.conftest import add, launch, sign_up


def visit(address: str) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(base_url=address)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_up(page)
        add(page, "Milk")
        page.reload()
        page.get_by_role("checkbox", name="Milk").wait_for()
        browser.close()
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    visit(sys.argv[1])
