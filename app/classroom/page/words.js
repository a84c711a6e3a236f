/** What the server has to say in the language that it was asked for. */

/** The words of the language; "auto": that of the browser. Null for English, which needs none. */
export async function words() {
  const { language } = document.documentElement.dataset;
  const code = language === "auto" ? navigator.language.slice(0, 2).toLowerCase() : language;
  if (!code || code === "en") return null;
  const answer = await fetch(`/words/${encodeURIComponent(code)}`);
  return answer.ok ? answer.json() : null;
}
