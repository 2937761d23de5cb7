// Has what changed asked for again: one stream a page says which, polling does where no stream comes.
const PAUSE = 2000;
const POLL = 5000;
const SILENCE = 40000;
const { liveAfter, liveSite, liveRun } = document.body.dataset;

let last = Number(liveAfter);
let stream = null;
let heard = Date.now();
let polling = 0;

function refresh(words) {
  for (const place of document.querySelectorAll("[data-live]")) {
    const wanted = place.dataset.live.split(" ");
    if (words === null || wanted.some((word) => words.includes(word))) tell(place, words);
  }
  document.dispatchEvent(new CustomEvent("nightdesk:changed", { detail: { words, last } }));
}

/** At once, or, where the last time was less than its pace ago, once that is over. */
function tell(place, words) {
  const pace = Number(place.dataset.livePace ?? 0);
  const wait = (place.liveAt ?? 0) + pace - Date.now();
  if (place.liveTimer) return;
  const say = () => {
    place.liveTimer = null;
    place.liveAt = Date.now();
    if (place.isConnected) place.dispatchEvent(new CustomEvent("changed", { detail: { words, last } }));
  };
  if (wait <= 0) say();
  else place.liveTimer = setTimeout(say, wait);
}

function poll(on) {
  if (on && !polling) polling = setInterval(() => document.hidden || refresh(null), POLL);
  if (!on) polling = clearInterval(polling) ?? 0;
  document.body.dataset.liveBy = on ? "asking" : "stream";
}

function connect() {
  stream?.close();
  const address = new URL("/live", location.origin);
  address.searchParams.set("after", String(last));
  if (liveSite) address.searchParams.set("site", liveSite);
  if (liveRun) address.searchParams.set("run", liveRun);
  stream = new EventSource(address);
  stream.onopen = () => {
    heard = Date.now();
    poll(false);
  };
  stream.addEventListener("still", () => (heard = Date.now()));
  stream.addEventListener("changed", (event) => {
    heard = Date.now();
    last = Number(event.lastEventId) || last;
    refresh(event.data.split(" "));
  });
  stream.onerror = () => {
    poll(true);
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, PAUSE);
  };
}

if (liveAfter !== undefined) {
  connect();
  // A proxy may hold a stream back without an error: what says nothing for long is taken for lost.
  setInterval(() => {
    if (Date.now() - heard < SILENCE) return;
    heard = Date.now();
    poll(true);
    connect();
  }, PAUSE);
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => event.persisted && (refresh(null), connect()));
}
