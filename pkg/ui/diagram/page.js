"use strict";
// Takes each new state of the stack from the server, and leaves the reader where they are: the page keeps its place, and
// what has the focus keeps it.
const events = new EventSource("events");
const stack = document.getElementById("stack");
const note = document.createElement("p");
note.className = "problem";
note.setAttribute("role", "status");
events.addEventListener("stack", (event) => {
  note.remove();
  const focused = document.activeElement;
  const href = focused && focused.getAttribute("href");
  const same = () => [...stack.querySelectorAll("a")].filter((a) => a.getAttribute("href") === href);
  const place = same().indexOf(focused);
  const tables = [...stack.querySelectorAll(".things")].map((table) => table.scrollTop);
  const at = window.scrollY;
  stack.innerHTML = event.data;
  [...stack.querySelectorAll(".things")].forEach((table, i) => { table.scrollTop = tables[i] || 0; });
  window.scrollTo(0, at);
  if (place >= 0 && same()[place]) same()[place].focus({ preventScroll: true });
});
events.addEventListener("error", () => {
  note.textContent = "The connection is lost: this is the last that was heard.";
  stack.prepend(note);
});
