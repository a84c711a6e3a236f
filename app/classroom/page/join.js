// The door of a class: the code on the teacher's screen lets a browser in, and a cookie keeps it in.

const said = document.getElementById("said");
const form = document.getElementById("join");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = "";
  try {
    const answer = await fetch("/api/join", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code: document.getElementById("code").value }),
    });
    const content = await answer.json();
    if (answer.ok) {
      location.assign(content.go);
    } else {
      said.textContent = `${content.error}: ${content.hint}`;
    }
  } catch {
    said.textContent = "The teacher's computer does not answer. Are you on the same network?";
  }
});

// A telephone that read the picture on the teacher's screen has brought the code along.
const brought = decodeURIComponent(location.hash.slice(1));
if (brought) {
  history.replaceState(null, "", "/join");
  document.getElementById("code").value = brought;
  form.requestSubmit();
}
