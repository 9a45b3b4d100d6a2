// Tells the server which clock the reader lives by. The page at hand stays as it is; the next one knows.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const secure = location.protocol === "https:";
const name = secure ? "__Host-appguard_zone" : "appguard_zone";
document.cookie = `${name}=${zone}; path=/; max-age=31536000; samesite=lax${secure ? "; secure" : ""}`;

// Whoever signed in again on another tab goes on here: the page takes the new session, what was typed stays.
document.addEventListener("visibilitychange", async () => {
  const ended = document.querySelector("[data-session-ended]");
  if (document.hidden || !ended) return;
  const answer = await fetch("/session", { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const { csrf } = await answer.json();
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = csrf;
  document.body.setAttribute("hx-headers", JSON.stringify({ "x-csrf-token": csrf }));
  ended.remove();
});
