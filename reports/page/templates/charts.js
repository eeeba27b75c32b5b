/* Draws the charts of a listing's report from the JSON beside it. */
(function () {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const plots = Array.from(document.querySelectorAll('.plot'));
  const shown = data.products.map(() => true);
  const dashes = ['solid', [6, 3], [2, 3], [9, 3, 2, 3]];
  const names = data.products.map((p) => p.chip + ' ' + p.name);
  const numbers = new Intl.NumberFormat(data.language);
  const money = new Intl.NumberFormat(data.language, { style: 'currency', currency: data.currency });
  let charts = [];
  let printing = false;
  let span = data.days.length;

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  }

  function look(n) {
    const own = data.products[n].own;
    return {
      color: own ? colour('own') : colour('c' + (n % 5)),
      width: own ? 3.5 : 1.4,
      dash: own ? 'solid' : dashes[Math.floor(n / 5) % dashes.length],
      z: own ? 10 : 2,
    };
  }

  /* What a figure shows: one list per product, and how to draw and say its values. */
  function source(figure) {
    const metric = figure.dataset.metric;
    if (!metric) {
      const keyword = data.keywords[Number(figure.dataset.keyword)];
      return { kind: 'organic', keyword: keyword, series: keyword.organic, inverse: true, say: (v) => numbers.format(v) };
    }
    let series = data.metrics[metric];
    if (metric === 'review_count') {
      series = series.map((days) => {
        const first = days.find((v) => v !== null);
        return days.map((v) => (v === null ? null : v - first));
      });
    }
    const say = metric === 'price' ? (v) => money.format(v) : (v) => numbers.format(v);
    return { kind: metric, series: series, inverse: metric === 'bsr', log: metric === 'bsr', say: say };
  }

  function selection() {
    return Object.fromEntries(names.map((name, n) => [name, shown[n]]));
  }

  function flagsOf(what, product) {
    return data.flags.filter((f) => f.product === product && (what.keyword
      ? f.keyword === what.keyword.keyword : f.chart === what.kind));
  }

  /* The value to hang a mark on: the day's own, else the last one before it. */
  function level(days, day) {
    for (let n = day; n >= 0; n--) if (days[n] !== null) return days[n];
    return days.find((v) => v !== null);
  }

  function mark(symbol, day, value, style, size, name) {
    return { name: name, coord: [day, value], symbol: symbol, symbolSize: size, itemStyle: style, label: { show: false } };
  }

  const CROSS = 'path://M0 1 L1 0 L5 4 L9 0 L10 1 L6 5 L10 9 L9 10 L5 6 L1 10 L0 9 L4 5 Z';

  function lines(what, lane) {
    const all = [];
    what.series.forEach((days, n) => {
      const style = look(n);
      const marks = [];
      flagsOf(what, n).forEach((f) => {
        let value = level(days, f.day);
        if (what.keyword && days[f.day] === null) value = lane;
        if (value === undefined || value === null) return;
        const rim = { color: colour('card'), borderColor: style.color, borderWidth: f.severity === 'high' ? 3 : 2 };
        marks.push(mark('diamond', f.day, value, rim, f.severity === 'high' ? 13 : 10, f.text));
      });
      if (what.kind === 'price') {
        data.out[n].forEach((day) => {
          const value = level(days, day);
          if (value !== undefined) marks.push(mark(CROSS, day, value, { color: style.color }, 8, ''));
        });
      }
      const line = {
        name: names[n], type: 'line', data: days, connectNulls: false, z: style.z,
        symbol: 'circle', symbolSize: style.z > 2 ? 5 : 3, showAllSymbol: true,
        lineStyle: { color: style.color, width: style.width, type: style.dash },
        itemStyle: { color: style.color }, emphasis: { focus: 'series', lineStyle: { width: style.width + 1 } },
        blur: { lineStyle: { opacity: 0.15 }, itemStyle: { opacity: 0.15 } },
        markPoint: { data: marks, animation: false, z: style.z + 5 },
      };
      if (data.products[n].own && what.kind === 'price' && data.out[n].length) {
        line.markArea = {
          silent: true, itemStyle: { color: colour('out'), opacity: 0.15 },
          data: data.out[n].map((day) => [{ xAxis: Math.max(0, day - 0.5) }, { xAxis: day + 0.5 }]),
        };
      }
      if (what.keyword && n === 0) line.markLine = borders(what, lane);
      all.push(line);
      if (what.keyword && days.some((v) => v !== null)) all.push(beyond(what, n, lane, style));
    });
    return all;
  }

  /* Days on which the keyword was read and the product was not among the results. */
  function beyond(what, n, lane, style) {
    const days = what.keyword.beyond[n].map((pages) => (pages === null ? null : lane));
    return {
      name: names[n], type: 'line', data: days, z: style.z, symbol: 'emptyTriangle', symbolRotate: 180, symbolSize: style.z > 2 ? 8 : 5,
      showAllSymbol: true, lineStyle: { opacity: 0, width: 0 }, itemStyle: { color: style.color }, emphasis: { focus: 'series' },
      blur: { itemStyle: { opacity: 0.1 } },
    };
  }

  function borders(what, lane) {
    const lines = [{ yAxis: lane, lineStyle: { type: 'dotted' }, label: { formatter: 'beyond the pages read', position: 'insideStartTop' } }];
    if (what.keyword.first_page) {
      lines.push({ yAxis: what.keyword.first_page + 0.5, lineStyle: { type: 'dashed' }, label: { formatter: 'end of page 1', position: 'insideStartTop' } });
    }
    return {
      silent: true, symbol: 'none', animation: false, data: lines,
      lineStyle: { color: colour('dim'), width: 1, opacity: 0.7 }, label: { color: colour('dim'), fontSize: 11 },
    };
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function tooltip(what) {
    return function (points) {
      const day = points[0].dataIndex;
      const box = element('div', 'tip');
      box.append(element('b', '', data.days[day]));
      const seen = what.series
        .map((days, n) => ({ n: n, value: days[day] }))
        .filter((p) => shown[p.n] && (p.value !== null || (what.keyword && data.products[p.n].own)))
        .sort((a, b) => (data.products[b.n].own - data.products[a.n].own)
          || ((a.value === null) - (b.value === null)) || (what.inverse ? a.value - b.value : b.value - a.value));
      seen.forEach((p) => {
        const row = element('div', data.products[p.n].own ? 'row own' : 'row');
        let text = p.value === null ? '' : what.say(p.value);
        if (p.value === null) text = what.keyword.beyond[p.n][day] === null ? 'not known' : '> page ' + what.keyword.beyond[p.n][day];
        row.append(element('span', '', names[p.n]), element('span', '', text));
        box.append(row);
      });
      data.flags.filter((f) => f.day === day && shown[f.product] && flagsOf(what, f.product).includes(f)).slice(0, 4)
        .forEach((f) => box.append(element('div', 'said', data.products[f.product].chip + ': ' + f.text)));
      return box;
    };
  }

  /* The nearest of 1, 2, 5, 10, 20 … on the side that `towards` rounds to. */
  function round(value, towards) {
    const steps = [0, Math.log10(2), Math.log10(5), 1];
    const power = Math.floor(Math.log10(value));
    const rest = Math.log10(value) - power;
    const step = towards === Math.floor ? steps.filter((x) => x <= rest).pop() : steps.find((x) => x >= rest);
    return Math.round(Math.pow(10, power + step));
  }

  function scale(what) {
    const text = { color: colour('dim'), fontSize: 11 };
    const axis = {
      type: what.log ? 'log' : 'value', inverse: what.inverse, scale: true, axisLabel: text, axisLine: { show: false },
      splitLine: { lineStyle: { color: colour('line') } },
    };
    const values = what.series.flat().filter((v) => v !== null);
    if (what.log && values.length) {
      axis.min = round(Math.min.apply(null, values), Math.floor);
      axis.max = round(Math.max.apply(null, values), Math.ceil);
      text.formatter = (v) => numbers.format(Math.round(v));
    } else {
      text.formatter = what.kind === 'price' ? (v) => numbers.format(v) : undefined;
    }
    return axis;
  }

  function option(what) {
    const axis = scale(what);
    let lane = 0;
    if (what.keyword) {
      const worst = Math.max.apply(null, what.series.flat().filter((v) => v !== null).concat([what.keyword.first_page, 10]));
      lane = Math.ceil(worst * 1.12) + 1;
      axis.scale = false;
      axis.min = 1;
      axis.max = lane + Math.ceil(worst * 0.06);
      axis.axisLabel.formatter = (v) => (v <= worst ? numbers.format(v) : '');
    }
    const last = data.days.length - 1;
    return {
      animation: false, aria: { enabled: true }, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 16, top: 16, bottom: printing ? 8 : 34, containLabel: true },
      legend: { show: false, selected: selection() },
      tooltip: {
        trigger: 'axis', formatter: tooltip(what), confine: true, transitionDuration: 0, backgroundColor: colour('card'),
        borderColor: colour('line'), textStyle: { color: colour('ink') }, axisPointer: { lineStyle: { color: colour('dim') } },
      },
      xAxis: {
        type: 'category', data: data.days, boundaryGap: false, axisLabel: { color: colour('dim'), fontSize: 11, hideOverlap: true },
        axisLine: { lineStyle: { color: colour('line') } }, axisTick: { show: false },
      },
      yAxis: axis,
      dataZoom: printing ? [] : [
        { type: 'inside', zoomOnMouseWheel: 'shift', moveOnMouseWheel: false, startValue: last - span + 1, endValue: last },
        {
          type: 'slider', height: 14, bottom: 6, startValue: last - span + 1, endValue: last, showDataShadow: false, brushSelect: false,
          borderColor: colour('line'), fillerColor: colour('soft'), backgroundColor: 'transparent', textStyle: { color: colour('dim'), fontSize: 10 },
          handleStyle: { color: colour('card'), borderColor: colour('dim') }, moveHandleSize: 0, emphasis: { handleStyle: { borderColor: colour('own') } },
        },
      ],
      series: lines(what, lane),
    };
  }

  function draw() {
    charts.forEach((chart) => chart.dispose());
    document.documentElement.classList.add('drawn');
    charts = plots.map((figure) => {
      const canvas = figure.querySelector('.canvas');
      const size = printing ? { width: 490, height: 250 } : {};
      const chart = echarts.init(canvas, null, Object.assign({ renderer: 'svg' }, size));
      chart.setOption(option(source(figure)));
      chart.group = 'report';
      return chart;
    });
    if (!printing) echarts.connect('report');
  }

  function sample(n) {
    const style = look(n);
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    Object.entries({ x1: 0, x2: 18, y1: 4, y2: 4, stroke: style.color, 'stroke-width': Math.max(2, style.width),
      'stroke-dasharray': Array.isArray(style.dash) ? style.dash.join(' ') : 'none' }).forEach(([k, v]) => line.setAttribute(k, v));
    svg.setAttribute('viewBox', '0 0 18 8');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(line);
    return svg;
  }

  function choose(next) {
    next.forEach((on, n) => { shown[n] = on; });
    controls();
    // One option for each chart: actions would be passed on to every connected chart, once for each product.
    charts.forEach((chart) => chart.setOption({ legend: { selected: selection() } }));
  }

  function button(text, pressed, act) {
    const made = element('button', '', text);
    made.type = 'button';
    if (pressed !== null) made.setAttribute('aria-pressed', String(pressed));
    made.addEventListener('click', act);
    return made;
  }

  function controls() {
    const products = document.getElementById('products');
    const focus = Array.from(products.children).indexOf(document.activeElement);
    products.replaceChildren(
      button('All', null, () => choose(shown.map(() => true))),
      button('Only mine', null, () => choose(data.products.map((p) => p.own))),
    );
    Array.from(products.children).forEach((made) => made.classList.add('all'));
    data.products.forEach((p, n) => {
      const made = button(names[n], shown[n], () => choose(shown.map((on, m) => (m === n ? !on : on))));
      made.prepend(sample(n));
      products.append(made);
    });
    if (focus >= 0) products.children[focus].focus();
    const spans = [7, 14, 30, 90].filter((d) => d < data.days.length).concat([data.days.length]);
    document.getElementById('periods').replaceChildren.apply(document.getElementById('periods'), spans.map((d) => button(
      d === data.days.length ? 'All ' + d + ' days' : 'Last ' + d + ' days', span === d, () => {
        span = d;
        controls();
        draw();
      })));
    document.getElementById('controls').hidden = false;
  }

  let folded = [];
  window.addEventListener('beforeprint', () => {
    folded = Array.from(document.querySelectorAll('details.older:not([open]), details.gaps:not([open])'));
    folded.forEach((d) => { d.open = true; });
    printing = true;
    draw();
  });
  window.addEventListener('afterprint', () => {
    folded.forEach((d) => { d.open = false; });
    printing = false;
    draw();
  });
  window.addEventListener('resize', () => { if (!printing) charts.forEach((chart) => chart.resize()); });
  dark.addEventListener('change', () => { draw(); controls(); });
  controls();
  draw();
}());
