// Without this script the report is whole; with it, it can be searched.
"use strict";
const filter = document.querySelector(".filter");
const search = filter.querySelector("input[type=search]");
const toggle = filter.querySelector("button");
const shown = filter.querySelector("output");
const features = [...document.querySelectorAll(".feature")];
const scenarios = [...document.querySelectorAll(".scenario")];
const texts = new Map();

function textOf(scenario) {
  // Collected when first needed: the bodies of a long run are large.
  if (!texts.has(scenario)) {
    const file = scenario.closest(".feature").querySelector("header").textContent;
    texts.set(scenario, (file + " " + scenario.textContent).toLowerCase());
  }
  return texts.get(scenario);
}

function apply() {
  const verdict = filter.querySelector("input[name=verdict]:checked").value;
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const scenario of scenarios) {
    const fits = (verdict === "all" || scenario.classList.contains(verdict))
      && words.every((word) => textOf(scenario).includes(word));
    scenario.hidden = !fits;
    count += fits ? 1 : 0;
  }
  for (const feature of features) {
    feature.hidden = !feature.querySelector(".scenario:not([hidden])");
  }
  shown.textContent = count === scenarios.length ? "" : `${count} of ${scenarios.length}`;
}

function choose(verdict) {
  const choice = filter.querySelector(`input[name=verdict][value="${verdict}"]`);
  if (choice) {
    choice.checked = true;
    apply();
  }
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) {
    if (target.hidden) {
      search.value = "";
      choose("all");
    }
    target.open = true;
    target.scrollIntoView();
  }
}

filter.addEventListener("input", apply);
filter.addEventListener("submit", (event) => event.preventDefault());
toggle.addEventListener("click", () => {
  const open = toggle.textContent === "Open all";
  scenarios.forEach((scenario) => { scenario.open = open; });
  toggle.textContent = open ? "Close all" : "Open all";
});
for (const count of document.querySelectorAll("body > header .counts li")) {
  count.addEventListener("click", () => choose(count.className));
}
for (const text of document.querySelectorAll("code.paste")) {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  copy.addEventListener("click", async () => {
    // A page that is opened from a folder may have no clipboard: then the text is selected.
    try {
      await navigator.clipboard.writeText(text.textContent);
      copy.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
    }
  });
  text.after(" ", copy);
}
addEventListener("hashchange", openTarget);
filter.hidden = false;
apply();
openTarget();
