// After an upgrade of the server: a tab that was left open takes over the new front end by itself.

// Its name changes with any file of the front end, and is in every page.
const MANIFEST = 'link[href*="/assets/manifest-"]';
const PAGE = "/sign-in";

/** Load the page again if the server has another front end by now; what was typed is kept as a draft. */
export async function reloadIfReplaced() {
  const manifest = document.querySelector(MANIFEST)?.getAttribute("href");
  try {
    // Without a session: that a tab connects again is no sign that somebody uses its session.
    const answer = await fetch(PAGE, { cache: "no-store", credentials: "omit" });
    const page = await answer.text();
    if (answer.ok && manifest && page.includes("/assets/manifest-") && !page.includes(manifest)) location.reload();
  } catch {
    // Away again: the next return asks once more.
  }
}
