// Class mode: the teacher's screen for the projector, or a student's own; which of the two, the server says.

import { asked } from "./class_common.js";
import { el } from "./dom.js";
import { studentView } from "./class_student.js";
import { teacherView } from "./class_teacher.js";
import { speak, tr } from "./languages.js";
import { words } from "./words.js";

const main = document.getElementById("class");

async function start() {
  try {
    const state = await asked("/api/class/state");
    await (state.teacher ? teacherView(main) : studentView(main));
  } catch (problem) {
    main.replaceChildren(el("p", { role: "alert" }, problem.message));
    setTimeout(start, 3000);
  }
}

async function begin() {
  speak(await words());
  document.title = tr("The class · local citizenship");
  await start();
}

begin();
