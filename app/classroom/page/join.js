// The door of a class: the code on the teacher's screen lets a browser in, and a cookie keeps it in.

const said = document.getElementById("said");

document.getElementById("join").addEventListener("submit", async (event) => {
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
