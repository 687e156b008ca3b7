// What is wrong with how the page is laid out, as a list of sentences.
(() => {
  const faults = [];
  const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
  const box = (e) => e.getBoundingClientRect();
  const name = (e) => `${e.tagName} ${e.getAttribute("class") || ""} "${e.textContent.trim().slice(0, 40)}"`;

  if (document.documentElement.scrollWidth > innerWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((e) => shown(e) && box(e).right > innerWidth + 1);
    faults.push(`the page is wider than the window: ${wide.slice(0, 3).map(name).join(", ")}`);
  }

  // The text of a card stays in the card, and that of a frame in its frame; two texts do not lie on each other.
  for (const drawing of [...document.querySelectorAll("svg.drawing")].filter(shown)) {
    for (const thing of drawing.querySelectorAll(".card, .frame")) {
      const around = box(thing.querySelector("rect"));
      const texts = [...thing.querySelectorAll("text")];
      texts.forEach((text, i) => {
        const t = box(text);
        if (t.left < around.left || t.right > around.right || t.top < around.top - 1 || t.bottom > around.bottom + 1) {
          faults.push(`${name(text)} sticks out of its ${thing.getAttribute("class")}`);
        }
        for (const other of texts.slice(i + 1)) {
          const o = box(other);
          if (t.left < o.right - 1 && o.left < t.right - 1 && t.top < o.bottom - 3 && o.top < t.bottom - 3) {
            faults.push(`${name(text)} lies on ${name(other)}`);
          }
        }
      });
    }
  }

  // Text stands out from its ground as the accessibility guidelines ask for (WCAG 2, level AA: 4.5 to 1).
  const channels = (colour) => {
    const c = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    c.fillStyle = colour;
    c.fillRect(0, 0, 1, 1);
    return [...c.getImageData(0, 0, 1, 1).data];
  };
  const known = new Map();
  const colourOf = (colour) => {
    if (!known.has(colour)) known.set(colour, channels(colour));
    return known.get(colour);
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (e) => {
    if (e.closest("svg")) {
      const t = box(e);
      const inside = (r) => r.left <= t.left + 1 && r.right >= t.right - 1 && r.top <= t.top + 3 && r.bottom >= t.bottom - 3;
      const rects = [...e.closest("svg").querySelectorAll("rect")].filter((r) => getComputedStyle(r).fill !== "none" && inside(box(r)));
      if (rects.length > 0) return getComputedStyle(rects.pop()).fill;
    }
    for (let at = e; at; at = at.parentElement) {
      const ground = getComputedStyle(at).backgroundColor;
      if (colourOf(ground)[3] > 0) return ground;
    }
    return getComputedStyle(document.documentElement).getPropertyValue("--ground");
  };
  const texts = [...document.querySelectorAll("svg.drawing text, main :not(svg *)")].filter(
    (e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim() !== ""),
  );
  for (const e of texts) {
    const colour = e.closest("svg") ? getComputedStyle(e).fill : getComputedStyle(e).color;
    const [a, b] = [luminance(colourOf(colour)), luminance(colourOf(groundOf(e)))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faults.push(`${name(e)} is hard to read: ${colour} on ${groundOf(e)} is ${ratio.toFixed(1)} to 1`);
  }
  return [...new Set(faults)];
})()
