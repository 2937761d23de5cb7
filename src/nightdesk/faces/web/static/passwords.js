// Beside fields of passwords: a button that shows what is typed, and for new ones how hard it is to guess.
const SHORTEST = 12;
const WORDS = ["Easy to guess", "Could be guessed", "Hard to guess", "Very hard to guess"];
const STEPS = [30, 45, 60];

// Bits, roughly: what goes on like a word, a row of keys or a repetition says little beyond its beginning.
function bits(text) {
  const folded = text.toLowerCase();
  if (new Set(folded).size < 5) return 0;
  let sum = 0;
  let letters = 0;
  for (let at = 0; at < folded.length; at += 1) {
    const step = at ? folded.charCodeAt(at) - folded.charCodeAt(at - 1) : 9;
    const letter = /\p{L}/u.test(folded[at]);
    letters = letter ? letters + 1 : 0;
    if (Math.abs(step) <= 1 || (at > 3 && folded.indexOf(folded.slice(at - 3, at + 1)) < at - 3)) sum += 0.5;
    else if (letter) sum += letters > 2 ? 1.5 : 4.7;
    else sum += /\s/.test(folded[at]) ? 1 : 3.3;
  }
  return sum;
}

function say(field, meter, words) {
  const length = [...field.value.replace(/\s+/g, " ")].length;
  const step = STEPS.filter((least) => bits(field.value) >= least).length;
  meter.hidden = !length;
  meter.value = length < SHORTEST ? 0 : step + 1;
  if (!length) words.textContent = "";
  else words.textContent = length < SHORTEST ? `${length} of at least ${SHORTEST} characters` : WORDS[step];
}

function made(name, kind, into) {
  const one = document.createElement(name);
  one.className = kind;
  into.append(one);
  return one;
}

function hide(field, button) {
  field.type = "password";
  button.setAttribute("aria-pressed", "false");
}

function equip(field) {
  if (field.dataset.equipped) return;
  field.dataset.equipped = "yes";
  const tools = document.createElement("div");
  tools.className = "password-tools";
  const button = made("button", "btn btn-sm", tools);
  button.type = "button";
  button.textContent = "Show what is typed";
  hide(field, button);
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
  // A browser remembers what was typed into a field of plain text.
  field.form?.addEventListener("submit", () => hide(field, button), true);
  // What a platform gave for an account cannot be chosen harder.
  if (field.autocomplete === "new-password" && !field.name.startsWith("values.")) {
    const meter = made("meter", "password-meter", tools);
    meter.max = WORDS.length;
    meter.hidden = true;
    meter.setAttribute("aria-label", "How hard to guess");
    const words = made("span", "text-secondary small", tools);
    words.setAttribute("aria-live", "polite");
    field.addEventListener("input", () => say(field, meter, words));
  }
  field.after(tools);
}

const FIELDS = "input[type=password][autocomplete$=password]";
for (const field of document.querySelectorAll(FIELDS)) equip(field);
// What came with a later piece of the page has its tools once it is entered.
document.addEventListener("focusin", (event) => {
  if (event.target.matches(FIELDS)) equip(event.target);
});
