// A piece: sources opened by their marks, and findings that lead to their place in the text.
import "./keys.js";

const article = document.getElementById("article");
const NARROW = matchMedia("(max-width: 79.99rem)");

/** The note for a mark; on a narrow screen it opens below the paragraph, else it is beside it and lights up. */
document.addEventListener("click", (event) => {
  const link = event.target.closest(".citation a");
  if (!link || !article?.contains(link)) return;
  const mark = link.parentElement.id.replace("cite-", "");
  const note = [...article.querySelectorAll(".source-note")].find((one) => one.dataset.for.split(" ").includes(mark));
  if (!note) return;
  event.preventDefault();
  for (const one of article.querySelectorAll(".source-note.is-lit")) one.classList.remove("is-lit");
  if (NARROW.matches) {
    const open = note.classList.toggle("is-open");
    const block = link.closest("p, table, li, blockquote");
    if (open && block) block.localName === "li" ? block.append(note) : block.after(note);
  } else {
    note.classList.add("is-lit");
  }
});

/** The article's text without marks and notes, with where each character stands. */
function read() {
  const places = [];
  let text = "";
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest(".citation, .source-note, .sources, figure, .section-again, .section-mark") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (let at = 0; at < node.data.length; at++) {
      if (node.data[at] === "\u2060") continue;
      const letter = fold(node.data[at]);
      if (letter === " " && (text === "" || text.endsWith(" "))) continue;
      text += letter;
      places.push([node, at]);
    }
  return { text, places };
}

const fold = (letter) => (/\s/.test(letter) ? " " : letter);
const plain = (words) => words.replace(/\s+/g, " ").replace(/…$/, "").trim();

function find({ text, places }, words) {
  const wanted = plain(words);
  if (wanted.length < 3) return null;
  let start = text.indexOf(wanted);
  if (start < 0) start = text.toLowerCase().indexOf(wanted.toLowerCase());
  if (start < 0) return null;
  const range = document.createRange();
  range.setStart(...places[start]);
  const [node, at] = places[start + wanted.length - 1];
  range.setEnd(node, at + 1);
  return range;
}

if (article) {
  const whole = read();
  const lit = window.Highlight ? { serious: new Highlight(), warning: new Highlight(), info: new Highlight(), here: new Highlight() } : null;
  if (lit) for (const [name, one] of Object.entries(lit)) CSS.highlights.set(`finding-${name}`, one);
  for (const button of document.querySelectorAll("[data-where]")) {
    const range = find(whole, button.dataset.where);
    if (!range) continue;
    button.hidden = false;
    if (lit && button.dataset.severity in lit) lit[button.dataset.severity].add(range);
    button.addEventListener("click", () => {
      lit?.here.clear();
      lit?.here.add(range);
      const where = range.startContainer.parentElement;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      where.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
      where.closest("p, li, td, th, h2, h3, h4")?.setAttribute("data-shown", "");
    });
  }
}
