// The door of a class: the code on the teacher's screen lets a browser in, and a cookie keeps it in.

import { speak, tr } from "./languages.js";
import { words } from "./words.js";

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
      said.textContent = tr("{problem}: {hint}", { problem: content.error, hint: content.hint });
    }
  } catch {
    said.textContent = tr("The teacher's computer does not answer. Are you on the same network?");
  }
});

async function begin() {
  speak(await words());
  document.title = tr("Join the class · local citizenship");
  document.querySelector("h1").textContent = tr("Local citizenship");
  form.querySelector("label").textContent = tr("The code on the teacher's screen");
  form.querySelector("button").textContent = tr("Join");
  useBrought();
}

// A telephone that read the picture on the teacher's screen has brought the code along.
function useBrought() {
  const brought = decodeURIComponent(location.hash.slice(1));
  if (!brought) return;
  history.replaceState(null, "", "/join");
  document.getElementById("code").value = brought;
  form.requestSubmit();
}

begin();
