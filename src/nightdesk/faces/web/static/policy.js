// What text may become part of the page: anything that could run or load a script is refused.
"use strict";
(() => {
  if (!window.trustedTypes) return;
  const look = trustedTypes.createPolicy("nightdesk-look", { createHTML: (text) => text });
  const REFUSED = "script,iframe,frame,object,embed,base,meta,link,style,portal,form[action^='//']";
  const ADDRESSES = ["href", "src", "action", "formaction", "xlink:href", "data", "srcdoc"];

  function reason(parent) {
    for (const one of parent.querySelectorAll("*")) {
      if (one.matches(REFUSED)) return one.localName;
      for (const { name, value } of one.attributes) {
        if (name.startsWith("on") || name.includes("hx-on")) return name;
        const plain = value.replace(/[\u0000-\u0020]/g, "").toLowerCase();
        if (ADDRESSES.includes(name) && /^(javascript|vbscript|data:text)/.test(plain)) return name;
        if (name.startsWith("hx-") && /^(javascript|js):/.test(plain)) return name;
      }
      const inside = one.content && reason(one.content);
      if (inside) return inside;
    }
    return "";
  }

  trustedTypes.createPolicy("default", {
    createHTML(text) {
      const parsed = new DOMParser().parseFromString(look.createHTML(text), "text/html");
      const why = reason(parsed);
      if (!why) return text;
      console.error(`Refused a piece of a page: it holds ${why}.`);
      return null;
    },
  });
})();
