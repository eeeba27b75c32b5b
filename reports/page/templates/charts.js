/* Draws the charts over their pictures, each when it is about to be seen, and lets them be explored. */
(function () {
  'use strict';
  const { data, names, end, shown, now, rem, value, element, selection, option, tip } = drawing;
  const figures = Array.from(document.querySelectorAll('.plot'));
  const drawn = new Map();
  const NEAR = 40;

  /* The line nearest to the pointer is brought out, the others step back. */
  function point(entry, x, y) {
    const chart = entry.chart;
    const inside = chart.containPixel('grid', [x, y]);
    const day = inside ? Math.round(chart.convertFromPixel({ xAxisIndex: 0 }, x)) : -1;
    let best = NEAR;
    let near = -1;
    if (day >= 0 && day <= end) {
      data.products.forEach((p, n) => {
        const v = shown[n] ? value(entry.what, n, day) : null;
        const off = v === null ? best : Math.abs(chart.convertToPixel({ yAxisIndex: 0 }, v) - y);
        if (off < best) { best = off; near = n; }
      });
    }
    bring(entry, near);
    drawn.forEach((other) => follow(other, other === entry ? -1 : day));
  }

  function bring(entry, near) {
    if (entry.near === near) return;
    entry.near = near;
    now.near = near;
    entry.chart.dispatchAction({ type: 'downplay' });
    if (near >= 0) entry.chart.dispatchAction({ type: 'highlight', seriesName: names[near] });
  }

  /* The same day in the other charts. */
  function follow(entry, day) {
    const seen = day >= now.from && day <= now.to && entry.key !== 'map';
    entry.rule.hidden = !seen;
    if (seen) entry.rule.style.left = entry.chart.convertToPixel({ xAxisIndex: 0 }, day) + 'px';
  }

  function draw(figure) {
    const key = figure.dataset.chart;
    const what = data.charts[key] || null;
    const canvas = figure.querySelector('.canvas');
    const entry = drawn.get(key) || { key: key, figure: figure, what: what, near: -1, day: end, chart: null, rule: element('div', 'rule') };
    if (entry.chart) entry.chart.dispose();
    entry.near = -1;
    entry.chart = echarts.init(canvas, null, { renderer: 'svg' });
    entry.chart.setOption(option(key, what));
    entry.chart.on('datazoom', () => {
      const { startValue, endValue } = entry.chart.getOption().dataZoom[0];
      stretch(startValue, endValue, entry);
    });
    if (!drawn.has(key)) {
      drawn.set(key, entry);
      entry.rule.hidden = true;
      canvas.after(entry.rule);
      if (what) listen(entry, canvas);
      new ResizeObserver(() => entry.chart.resize()).observe(canvas);
    }
    figure.classList.add('drawn');
  }

  function listen(entry, canvas) {
    canvas.addEventListener('pointermove', (e) => {
      const box = canvas.getBoundingClientRect();
      point(entry, e.clientX - box.left, e.clientY - box.top);
    }, true);
    canvas.addEventListener('pointerleave', () => { bring(entry, -1); drawn.forEach((other) => follow(other, -1)); });
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', entry.figure.querySelector('.static').getAttribute('aria-label'));
    canvas.addEventListener('blur', () => entry.chart.dispatchAction({ type: 'hideTip' }));
    canvas.addEventListener('keydown', (e) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7, Home: -end, End: end }[e.key];
      if (e.key === 'Escape') entry.chart.dispatchAction({ type: 'hideTip' });
      if (step === undefined) return;
      e.preventDefault();
      entry.day = Math.min(now.to, Math.max(now.from, entry.day + step));
      const y = rem('above') + 4;
      entry.chart.dispatchAction({ type: 'showTip', x: entry.chart.convertToPixel({ xAxisIndex: 0 }, entry.day), y: y });
      const rows = Array.from(tip(entry.what, entry.day).querySelectorAll('.row, .told'), (row) => row.textContent);
      document.getElementById('said').textContent = [data.days[entry.day]].concat(rows).join(data.words.join);
    });
  }

  const first = document.getElementById('first');
  const last = document.getElementById('last');

  /* Show these days in every chart, but the one that they come from. */
  function stretch(from, to, source) {
    if (from === now.from && to === now.to) return;
    now.from = from;
    now.to = to;
    first.value = from;
    last.value = to;
    first.setAttribute('aria-valuetext', data.days[from]);
    last.setAttribute('aria-valuetext', data.days[to]);
    document.getElementById('span').textContent = data.days[from] + ' – ' + data.days[to];
    document.querySelectorAll('#periods button').forEach((b) => {
      b.setAttribute('aria-pressed', String(to === end && Number(b.dataset.span) === to - from + 1));
    });
    drawn.forEach((entry) => {
      if (entry !== source && entry.what) entry.chart.dispatchAction({ type: 'dataZoom', startValue: from, endValue: to });
    });
  }

  first.addEventListener('input', () => stretch(Math.min(Number(first.value), now.to - 1), now.to));
  last.addEventListener('input', () => stretch(now.from, Math.max(Number(last.value), now.from + 1)));
  [first, last].forEach((input) => input.addEventListener('change', () => { first.value = now.from; last.value = now.to; }));
  document.querySelectorAll('#periods button').forEach((b) => {
    b.addEventListener('click', () => stretch(Math.max(0, end + 1 - Number(b.dataset.span)), end));
  });

  const against = document.getElementById('against');
  const buttons = Array.from(document.querySelectorAll('#products button'));

  function choose(next) {
    next.forEach((on, n) => { shown[n] = on; });
    buttons.forEach((b, n) => b.setAttribute('aria-pressed', String(shown[n])));
    const rivals = shown.flatMap((on, n) => (on && n ? [n] : []));
    const some = rivals.length === 1 ? String(rivals[0]) : 'some';
    against.value = shown.every(Boolean) ? 'all' : !shown[0] ? 'some' : rivals.length ? some : 'own';
    drawn.forEach((entry) => entry.chart.setOption({ legend: { selected: selection() } }));
  }

  against.addEventListener('change', () => choose(shown.map((on, n) => n === 0 || against.value === 'all' || String(n) === against.value)));
  buttons.forEach((button, n) => {
    button.addEventListener('click', () => choose(shown.map((on, m) => (m === n ? !on : on))));
    const out = () => drawn.forEach((entry) => bring(entry, -1));
    const over = () => drawn.forEach((entry) => bring(entry, shown[n] ? n : -1));
    [['pointerenter', over], ['focus', over], ['pointerleave', out], ['blur', out]].forEach(([type, act]) => button.addEventListener(type, act));
  });

  document.querySelectorAll('.topic').forEach((group) => {
    const pick = group.querySelector('select');
    pick.addEventListener('change', () => {
      group.querySelectorAll('.plot').forEach((figure) => figure.classList.toggle('turned', figure.dataset.chart === pick.value));
    });
  });

  /* The library lies packed in the page, and is unpacked for the first chart that is about to be seen. */
  async function unpack() {
    const packed = Uint8Array.from(window.atob(document.getElementById('library').textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    document.head.append(Object.assign(document.createElement('script'), { textContent: await new Response(stream).text() }));
  }
  let library = null;

  /* One chart a frame, so that the page stays quick while it is scrolled. */
  const waiting = [];
  function next() {
    draw(waiting.shift());
    if (waiting.length) window.requestAnimationFrame(next);
  }
  const soon = new IntersectionObserver((entries) => entries.filter((seen) => seen.isIntersecting).forEach((seen) => {
    soon.unobserve(seen.target);
    library = library || unpack();
    if (waiting.push(seen.target) === 1) library.then(() => window.requestAnimationFrame(next));
  }), { rootMargin: '300px 0px' });
  figures.forEach((figure) => soon.observe(figure));

  function redraw() {
    drawn.forEach((entry) => draw(entry.figure));
  }
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  document.addEventListener('theme', redraw);
}());
