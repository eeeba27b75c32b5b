/* The page round its sections: light or dark, in which section one is, and nothing folded on paper but evidence. */
(function () {
  'use strict';
  const scheme = window.matchMedia('(prefers-color-scheme: dark)');
  const button = document.getElementById('theme');
  const palette = Array.from(document.styleSheets).flatMap((sheet) => Array.from(sheet.cssRules))
    .find((rule) => rule.media && rule.media.mediaText.includes('prefers-color-scheme: dark'));

  function paint(dark) {
    palette.media.mediaText = dark ? 'screen' : 'not all';
    button.setAttribute('aria-pressed', String(dark));
    document.dispatchEvent(new Event('theme'));
  }

  button.setAttribute('aria-pressed', String(scheme.matches));
  button.addEventListener('click', () => paint(button.getAttribute('aria-pressed') !== 'true'));
  scheme.addEventListener('change', () => paint(scheme.matches));

  const list = document.querySelector('nav.bar ul');
  const links = Array.from(list.querySelectorAll('a'));
  const sections = links.map((link) => document.getElementById(link.hash.slice(1)));

  /* The last section whose beginning has come up to the middle of the upper half, or at the end the last. */
  function mark() {
    const end = window.scrollY && window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
    const passed = sections.filter((section) => section && section.getBoundingClientRect().top < window.innerHeight / 4 && window.scrollY);
    const here = end ? sections[sections.length - 1] : passed[passed.length - 1];
    links.forEach((link, n) => {
      if (sections[n] !== here) return link.removeAttribute('aria-current');
      if (link.hasAttribute('aria-current')) return undefined;
      link.setAttribute('aria-current', 'true');
      return list.scrollTo({ left: link.offsetLeft - list.offsetLeft - list.clientWidth / 3 });
    });
  }

  list.addEventListener('wheel', (event) => {
    if (event.deltaX || list.scrollWidth <= list.clientWidth) return;
    event.preventDefault();
    list.scrollLeft += event.deltaY;
  }, { passive: false });

  let asked = false;
  window.addEventListener('scroll', () => {
    if (asked) return;
    asked = true;
    window.requestAnimationFrame(() => { asked = false; mark(); });
  }, { passive: true });
  mark();

  let folded = [];
  window.addEventListener('beforeprint', () => {
    folded = Array.from(document.querySelectorAll('details:not([open], .evidence)'));
    folded.forEach((details) => { details.open = true; });
  });
  window.addEventListener('afterprint', () => folded.forEach((details) => { details.open = false; }));
}());
