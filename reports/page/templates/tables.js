/* Sorts and filters the tables and flags where they stand. Without it they are as they were written. */
(function () {
  'use strict';

  /* A table's rows in order of a column: missing values last whatever the direction, equals as they were, and the own
     listing on top while it is pinned. */
  function sort(table, column, ascending) {
    const body = table.tBodies[0];
    const pinned = !table.tools || !table.tools.pin || table.tools.pin.checked;
    const text = table.tHead.rows[0].cells[column].dataset.sort === 'text';
    const rows = table.written.map((row) => {
      const cell = row.cells[column];
      const key = text ? (cell.dataset.value || cell.textContent).trim() : Number(cell.dataset.value);
      return { row: row, key: key, missing: text ? cell.classList.contains('missing') : !cell.dataset.value };
    });
    rows.sort((a, b) => {
      if (pinned && a.row.matches('.own') !== b.row.matches('.own')) return a.row.matches('.own') ? -1 : 1;
      if (a.missing || b.missing) return a.missing - b.missing;
      const order = text ? a.key.localeCompare(b.key, document.documentElement.lang) : a.key - b.key;
      return ascending ? order : -order;
    });
    body.append.apply(body, rows.map((each) => each.row));
    Array.from(table.tHead.rows[0].cells).forEach((head, n) => {
      if (n === column) head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    });
    table.order = [column, ascending];
    if (table.tools && table.tools.by) table.tools.by.value = String(column);
  }

  function sortable(table) {
    table.written = Array.from(table.tBodies[0].rows);
    Array.from(table.tHead.rows[0].cells).forEach((head, n) => {
      if (!head.dataset.sort) return;
      const button = document.createElement('button');
      button.type = 'button';
      function wrap() {
        button.append.apply(button, Array.from(head.childNodes).filter((node) => !node.matches || !node.matches('.why')));
        head.prepend(button);
      }
      wrap();
      // Chromium does not paint buttons in a head that is repeated on the next sheet of paper.
      window.addEventListener('beforeprint', () => button.replaceWith.apply(button, Array.from(button.childNodes)));
      window.addEventListener('afterprint', wrap);
      button.addEventListener('click', () => {
        const now = head.getAttribute('aria-sort');
        sort(table, n, now ? now !== 'ascending' : head.dataset.first !== 'descending');
      });
    });
  }

  /* The controls above a table: which rows, whether the own listing stays on top, and on a phone by what to sort. */
  function tool(tools, table) {
    const find = tools.querySelector('input[type=search]');
    table.tools = { pin: tools.querySelector('input[type=checkbox]'), by: tools.querySelector('select') };
    if (find) {
      find.addEventListener('input', () => {
        const wanted = find.value.trim().toLocaleLowerCase();
        table.written.forEach((row) => { row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted); });
      });
    }
    if (table.tools.pin) table.tools.pin.addEventListener('change', () => sort.apply(null, [table].concat(table.order || [0, true])));
    if (table.tools.by) {
      Array.from(table.tHead.rows[0].cells).forEach((head, n) => {
        if (head.dataset.sort) table.tools.by.append(new Option(head.querySelector('button').textContent.trim(), String(n)));
      });
      table.tools.by.addEventListener('change', () => {
        const n = Number(table.tools.by.value);
        sort(table, n, table.tHead.rows[0].cells[n].dataset.first !== 'descending');
      });
    }
  }

  /* Flags that are what each of the choices says; a day of which none is left goes, too. */
  function choose(tools, list) {
    const choices = Array.from(tools.querySelectorAll('select'));
    const flags = Array.from(list.querySelectorAll('.flag'));
    const said = tools.querySelector('output');
    function apply() {
      const asked = choices.filter((choice) => choice.value);
      flags.forEach((flag) => {
        flag.hidden = !asked.every((choice) => choice.value.split(' ').includes(flag.dataset[choice.name] || '-'));
      });
      list.querySelectorAll('.day').forEach((day) => { day.hidden = !day.querySelector('.flag:not([hidden])'); });
      if (asked.length) list.querySelectorAll('details.older').forEach((older) => { older.open = true; });
      const left = flags.filter((flag) => !flag.hidden).length;
      said.textContent = asked.length ? said.dataset.said.replace('#', String(left)) : '';
    }
    choices.forEach((choice) => choice.addEventListener('change', apply));
  }

  document.querySelectorAll('table.sortable').forEach(sortable);
  document.querySelectorAll('.tools[data-for]').forEach((tools) => {
    const told = document.getElementById(tools.dataset.for);
    if (told) (told.tHead ? tool : choose)(tools, told);
  });
}());
