/* What each chart of a listing's report looks like, from the JSON beside it: options for ECharts, and a day in words. */
const drawing = (function () {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const names = data.products.map((p) => p.chip + ' ' + p.name);
  const end = data.days.length - 1;
  const shown = data.products.map(() => true);
  /* First and last day that the charts show, and the product whose line is brought out. */
  const now = { from: 0, to: end, near: -1 };
  const numbers = new Intl.NumberFormat(data.locale);
  const fixed = new Intl.NumberFormat(data.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const money = new Intl.NumberFormat(data.locale, { style: 'currency', currency: data.currency });
  const forms = {
    money: (v) => money.format(v), number: (v) => numbers.format(v), fixed: (v) => fixed.format(v),
    share: (v) => fixed.format(v * 100) + ' %',
  };
  const dashes = [null, [6, 3], [2, 3], [9, 3, 2, 3]];
  const shapes = ['circle', 'rect', 'triangle', 'diamond', 'circle'];
  const RING = 4;
  const CROSS = 'path://M0 1 L1 0 L5 4 L9 0 L10 1 L6 5 L10 9 L9 10 L5 6 L1 10 L0 9 L4 5 Z';
  const MARKERS = 6;

  const css = () => getComputedStyle(document.documentElement);
  const colour = (name) => css().getPropertyValue('--' + name).trim();
  /* So many pixels as one has on a page of usual size. */
  const grain = (pixels) => pixels * parseFloat(css().fontSize) / 16;
  const rem = (name) => parseFloat(css().getPropertyValue('--' + name)) * parseFloat(css().fontSize);
  const tint = (n) => colour(n === 0 ? 'own' : 'c' + data.products[n].colour);
  const label = (n) => (n === 0 ? colour('own') : 'color-mix(in srgb, ' + tint(n) + ' 65%, ' + colour('ink') + ')');
  const value = (chart, n, day) => {
    const v = chart.lines[n][day];
    return v === null || (chart.keyword !== null && v < 0) ? null : v / chart.scale;
  };
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  /* The value to hang a mark on: the day's own, else the last one before it. */
  function level(chart, n, day) {
    for (let m = day; m >= 0; m--) if (value(chart, n, m) !== null) return value(chart, n, m);
    return null;
  }

  const ring = (tone) => ({ color: colour('card'), borderColor: tone, borderWidth: grain(1.6) });

  /* A day has a shape when it stands alone, is the last one known, or is one of a few along the line. */
  function points(chart, n) {
    const values = data.days.map((day, m) => value(chart, n, m));
    const step = Math.max(1, Math.floor(values.length / MARKERS));
    let last = values.length - 1;
    while (last >= 0 && values[last] === null) last--;
    const own = n === 0;
    const shape = own ? 'circle' : shapes[data.products[n].colour];
    return values.map((v, m) => {
      if (v === null) return null;
      const alone = (m === 0 || values[m - 1] === null) && (m === end || values[m + 1] === null);
      const seen = alone || m === last || (own ? end < 45 : m % step === n % step);
      return { value: v, symbol: seen ? shape : 'none', symbolSize: grain(own ? (m === last ? 9 : alone ? 7 : 5) : 6) };
    });
  }

  const grave = (told) => told.product === 0 || told.severity !== 'low';

  function flagsOf(chart, n) {
    return data.flags.filter((f) => f.product === n && f.topic === chart.topic && (chart.keyword === null || f.keyword === chart.keyword));
  }

  function lines(chart, lane) {
    const all = [];
    data.products.forEach((product, n) => {
      const own = n === 0;
      const tone = tint(n);
      const marks = flagsOf(chart, n).filter(grave).map((f) => {
        const high = f.severity === 'high';
        const at = chart.keyword !== null && value(chart, n, f.day) === null ? lane : level(chart, n, f.day);
        return at === null ? null : {
          coord: [f.day, at], symbol: 'diamond', symbolSize: grain(high ? 13 : 10),
          itemStyle: Object.assign(ring(tone), high ? { borderWidth: grain(2.5) } : {}),
        };
      });
      if (chart.topic === 'price' && !own) {
        data.out[n].forEach((day) => {
          const at = level(chart, n, day);
          if (at !== null) marks.push({ coord: [day, at], symbol: CROSS, symbolSize: grain(7), itemStyle: { color: tone } });
        });
      }
      const look = !own && product.colour === RING ? ring(tone) : { color: tone };
      const common = { name: names[n], type: 'line', connectNulls: false, z: own ? 10 : 2, showAllSymbol: true, itemStyle: look };
      all.push(Object.assign({}, common, {
        data: points(chart, n),
        lineStyle: { color: tone, width: grain(own ? 3.5 : 1.4), type: own || !product.dash ? 'solid' : dashes[product.dash].map(grain), opacity: own ? 1 : 0.75 },
        emphasis: { focus: 'series', lineStyle: { width: grain(own ? 4.5 : 3), opacity: 1 } },
        blur: { lineStyle: { opacity: 0.12 }, itemStyle: { opacity: 0.12 }, endLabel: { opacity: 0.2 } },
        endLabel: { show: true, formatter: product.chip, color: label(n), distance: grain(8), fontSize: rem('s0') * 0.92, fontWeight: own ? 'bold' : 'normal' },
        labelLayout: { moveOverlap: 'shiftY' },
        markPoint: { data: marks.filter(Boolean), label: { show: false }, animation: false, z: own ? 14 : 6 },
      }));
      const spells = data.moves.filter((m) => m.product === n && m.topic === chart.topic && grave(m));
      if (spells.length) {
        all.push(Object.assign({}, common, {
          data: data.days.map((day, at) => (spells.some((m) => at >= m.from && at <= m.to) ? value(chart, n, at) : null)),
          symbol: 'none', silent: true, z: 1, lineStyle: { color: tone, width: grain(8), opacity: 0.2 },
          emphasis: { focus: 'series' }, blur: { lineStyle: { opacity: 0.03 } },
        }));
      }
      if (chart.keyword !== null && chart.lines[n].some((v) => v !== null && v < 0)) {
        all.push(Object.assign({}, common, {
          data: chart.lines[n].map((v, m) => (v === null || v >= 0 ? null : { value: lane, symbol: own || m % 7 === n % 7 ? 'triangle' : 'none' })),
          symbolRotate: 180, symbolSize: grain(own ? 8 : 6), itemStyle: ring(tone), lineStyle: { width: 0, opacity: 0 }, emphasis: { focus: 'series' }, blur: { itemStyle: { opacity: 0.1 } },
        }));
      }
    });
    return all.concat(setting(chart, lane));
  }

  /* What no product's line is: days before the period, days on which the own listing was out of stock, ends of pages. */
  function setting(chart, lane) {
    const areas = data.out[0].map((day) => [{ xAxis: Math.max(0, day - 0.5), itemStyle: { color: colour('out'), opacity: 0.15 } }, { xAxis: Math.min(end, day + 0.5) }]);
    if (data.before) areas.push([{ xAxis: 0, itemStyle: { color: colour('dim'), opacity: 0.09 } }, { xAxis: data.before }]);
    const borders = [];
    if (chart.keyword !== null) {
      borders.push({ yAxis: lane, label: { formatter: data.words.lane } });
      if (chart.first) borders.push({ yAxis: chart.first + 0.5, label: { formatter: data.words.page } });
    }
    const acts = data.acts.map((act) => ({
      xAxis: act.day, lineStyle: { color: colour('own'), type: 'solid', width: grain(1.25), opacity: 0.55 },
      label: { formatter: act.name, position: chart.down ? 'start' : 'end', color: colour('own'), fontWeight: 'bold', distance: 2 },
    }));
    return {
      type: 'line', data: [], silent: true, z: 0, markArea: { silent: true, data: areas },
      markLine: {
        silent: true, symbol: 'none', animation: false, data: borders.concat(acts), lineStyle: { color: colour('dim'), width: 1, type: [4, 4], opacity: 0.7 },
        label: { color: colour('dim'), fontSize: rem('s0') * 0.9, position: 'insideStartTop' },
      },
    };
  }

  /* The nearest of 1, 2, 5, 10, 20 … on the side that `towards` rounds to. */
  function round(v, towards) {
    const steps = [0, Math.log10(2), Math.log10(5), 1];
    const power = Math.floor(Math.log10(v));
    const rest = Math.log10(v) - power;
    const step = towards === Math.floor ? steps.filter((x) => x <= rest + 1e-9).pop() : steps.find((x) => x >= rest - 1e-9);
    return Math.round(Math.pow(10, power + step));
  }

  function axis(common, chart) {
    const text = { color: colour('dim'), fontSize: rem('s0') * 0.92, margin: 8, formatter: chart.form === 'share' ? forms.share : (v) => numbers.format(v) };
    const made = Object.assign({}, common, { type: chart.log ? 'log' : 'value', inverse: chart.down, scale: true, axisLabel: text });
    if (chart.form === 'number') made.minInterval = 1;
    if (chart.log) {
      text.formatter = (v) => (Math.abs(Math.log10(v) - Math.round(Math.log10(v))) < 1e-9 ? numbers.format(v) : '');
      made.min = (seen) => (isFinite(seen.min) ? round(seen.min, Math.floor) : 1);
      made.max = (seen) => (isFinite(seen.max) ? Math.max(round(seen.max, Math.ceil), 2 * made.min(seen)) : 10);
    }
    return made;
  }

  function option(key, chart) {
    const text = { color: colour('dim'), fontSize: rem('s0') * 0.92 };
    const common = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: colour('line') } } };
    const made = {
      animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: rem('left'), right: rem('right'), top: rem('above'), bottom: rem('below'), containLabel: false, outerBoundsMode: 'none' },
      legend: { show: false, data: names, selected: selection() },
      tooltip: {
        confine: true, transitionDuration: 0, backgroundColor: colour('card'), borderColor: colour('line'), padding: [6, 10],
        textStyle: { color: colour('ink') }, axisPointer: { type: 'line', lineStyle: { color: colour('dim') } },
      },
    };
    if (key === 'map') return Object.assign(made, map(common, text));
    const yAxis = axis(common, chart);
    let lane = 0;
    if (chart.keyword !== null) {
      const worst = Math.max.apply(null, chart.lines.flat().concat([chart.first, 10]));
      lane = Math.ceil(worst * 1.12) + 1;
      Object.assign(yAxis, { min: 1, max: lane + Math.ceil(worst * 0.06), scale: false });
      yAxis.axisLabel.formatter = (v) => (v <= worst ? numbers.format(v) : '');
    }
    Object.assign(made.tooltip, { trigger: 'axis', formatter: (all) => tip(chart, all[0].dataIndex) });
    return Object.assign(made, {
      xAxis: Object.assign({}, common, {
        type: 'category', data: data.short, boundaryGap: false, splitLine: { show: false }, axisPointer: { triggerEmphasis: false },
        axisLabel: Object.assign({ hideOverlap: true, margin: grain(8), alignMaxLabel: 'right' }, text),
      }),
      yAxis: yAxis,
      dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'shift', moveOnMouseMove: false, moveOnMouseWheel: false, preventDefaultMouseMove: false, startValue: now.from, endValue: now.to }],
      series: lines(chart, lane),
    });
  }

  function map(common, text) {
    const most = Math.max.apply(null, data.map.spots.map((s) => s[3] || 0).concat([1]));
    const ticks = Object.assign({ formatter: (v) => numbers.format(v) }, text);
    const ends = (n) => ({ type: 'value', min: data.map.axes[n][0], max: data.map.axes[n][1], axisLabel: ticks, splitLine: { lineStyle: { color: colour('line') } } });
    const series = data.map.spots.slice().sort((a, b) => (b[3] || 0) - (a[3] || 0)).map((s) => {
      const own = s[0] === 0;
      const radius = 4 + 16 * Math.sqrt((s[3] || 0) / most);
      const beside = radius < data.map.room;
      return {
        name: names[s[0]], type: 'scatter', z: own ? 10 : 2, data: [[s[1] / data.map.scales[0], s[2] / data.map.scales[1], s[3]]],
        symbolSize: grain(2 * radius), clip: false,
        itemStyle: { color: 'color-mix(in srgb, ' + tint(s[0]) + (own ? ' 85%' : ' 35%') + ', transparent)', borderColor: tint(s[0]), borderWidth: 1.5 },
        label: { show: true, position: beside ? 'right' : 'inside', distance: 3, formatter: data.products[s[0]].chip, color: own && !beside ? colour('card') : label(s[0]), fontSize: rem('s0') * 0.92, fontWeight: own ? 'bold' : 'normal' },
        emphasis: { focus: 'series' }, blur: { itemStyle: { opacity: 0.1 }, label: { opacity: 0.3 } },
      };
    });
    if (data.map.middle) {
      series.push({ type: 'scatter', data: [], silent: true, markLine: {
        silent: true, symbol: 'none', animation: false, label: { show: false }, lineStyle: { color: colour('dim'), width: 1, type: [4, 4], opacity: 0.7 },
        data: [{ xAxis: data.map.middle[0] }, { yAxis: data.map.middle[1] }],
      } });
    }
    const says = (p) => {
      const box = element('div', 'tip');
      const own = data.map.spots.find((s) => names[s[0]] === p.seriesName);
      box.append(element('b', '', p.seriesName), element('div', '', data.words.price + ' ' + money.format(p.value[0])),
        element('div', '', data.words.rating + ' ' + fixed.format(p.value[1])));
      if (own[3] !== null) box.append(element('div', '', data.words.reviews + ' ' + numbers.format(own[3])));
      return box;
    };
    return {
      xAxis: Object.assign({}, common, ends(0)), yAxis: Object.assign({}, common, ends(1)), series: series,
      tooltip: { confine: true, transitionDuration: 0, backgroundColor: colour('card'), borderColor: colour('line'), textStyle: { color: colour('ink') }, formatter: says },
    };
  }

  function selection() {
    return Object.fromEntries(names.map((name, n) => [name, shown[n]]));
  }

  /* A day in words: the own listing first, then the best; below, what is told of that day. */
  function tip(chart, day) {
    const box = element('div', 'tip');
    box.append(element('b', '', data.days[day]));
    const rows = data.products.map((p, n) => ({ n: n, raw: chart.lines[n][day], value: value(chart, n, day) }))
      .filter((r) => shown[r.n] && (r.raw !== null || r.n === 0 || data.out[r.n].includes(day)))
      .sort((a, b) => (a.n === 0 ? -1 : b.n === 0 ? 1 : 0) || ((a.value === null) - (b.value === null)) || (chart.down ? a.value - b.value : b.value - a.value));
    const list = element('div', rows.length > 9 ? 'rows many' : 'rows');
    rows.forEach((r) => {
      const row = element('div', 'row' + (r.n === 0 ? ' own' : '') + (r.n === now.near ? ' near' : ''));
      let text = r.value === null ? data.words.unknown : forms[chart.form](r.value);
      if (r.value === null && r.raw !== null) text = data.words.beyond[-r.raw];
      else if (data.out[r.n].includes(day)) text = r.value === null ? data.words.out : text + data.words.join + data.words.out;
      const sample = document.querySelector('#products [data-product="' + r.n + '"] .sample').cloneNode(true);
      row.append(sample, element('b', '', data.products[r.n].chip), ' ', element('bdi', '', data.products[r.n].name), element('span', '', text));
      list.append(row);
    });
    box.append(list);
    const about = (m) => m.topic === chart.topic && (m.product < 0 || shown[m.product]);
    const told = data.flags.filter((f) => f.day === day && about(f) && (chart.keyword === null || f.keyword === chart.keyword))
      .concat(data.moves.filter((m) => m.product === now.near && m.from <= day && day <= m.to && about(m)));
    data.acts.filter((act) => act.day === day).forEach((act) => box.append(element('div', 'told', act.name + ' · ' + act.text)));
    told.slice(0, 4).forEach((f) => box.append(element('div', 'told', (f.product < 0 ? '' : data.products[f.product].chip + ' · ') + f.text)));
    return box;
  }

  return { data, names, end, shown, now, rem, value, element, selection, option, tip };
}());
