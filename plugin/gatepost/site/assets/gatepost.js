/* Sorts and filters Gatepost's tables. Every fact is on the page without it. */
(() => {
  "use strict";

  const own = (params) => [...params.keys()].some((name) => name in NAMES);
  const NAMES = { design: 1, status: 1, state: 1, gate: 1, stage: 1, owner: 1, production: 1, change: 1, inherent: 1, residual: 1, find: 1, sort: 1 };

  /* A document opened from disk may not change its query, so there the filter stands behind `#?`. */
  function readAddress() {
    const search = new URLSearchParams(location.search);
    if (own(search) || !location.hash.startsWith("#?")) return search;
    return new URLSearchParams(location.hash.slice(2));
  }

  function writeAddress(values) {
    const params = new URLSearchParams(location.search);
    Object.keys(NAMES).forEach((name) => params.delete(name));
    Object.entries(values).forEach(([name, value]) => value && params.set(name, value));
    const query = params.toString();
    const anchor = location.hash.startsWith("#?") ? "" : location.hash;
    try {
      if (location.protocol === "file:") throw new Error("no query on disk");
      history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : "") + anchor);
    } catch {
      history.replaceState(history.state, "", query ? `#?${query}` : "#");
    }
  }

  const rowsOf = (body) => [...body.rows].filter((row) => !row.classList.contains("gp-group"));

  function cellAt(row, column) {
    let at = 0;
    for (const cell of row.cells) {
      if (column < at + cell.colSpan) return cell;
      at += cell.colSpan;
    }
    return null;
  }

  function valueAt(row, column, numeric) {
    const cell = cellAt(row, column);
    const text = cell ? cell.dataset.v ?? cell.textContent.trim() : "";
    return numeric ? Number.parseFloat(text) || 0 : text;
  }

  function sortRows(table, head, descending) {
    const numeric = head.dataset.gpSort === "number";
    const words = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });
    const compare = numeric ? (a, b) => a - b : words.compare;
    for (const body of table.tBodies) {
      const pairs = rowsOf(body).map((row) => [valueAt(row, head.cellIndex, numeric), row]);
      pairs.sort((a, b) => (descending ? compare(b[0], a[0]) : compare(a[0], b[0])));
      body.append(...pairs.map((pair) => pair[1]));
    }
    for (const other of table.tHead.querySelectorAll("[data-gp-sort]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  function makeSortable(table, onSort) {
    for (const head of table.tHead ? table.tHead.querySelectorAll("[data-gp-sort]") : []) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "gp-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const descending = head.getAttribute("aria-sort") === "ascending";
        sortRows(table, head, descending);
        onSort((descending ? "-" : "") + head.dataset.gpKey);
      });
    }
  }

  function restoreSort(tables, sort) {
    const key = sort.replace(/^-/, "");
    for (const table of tables) {
      const heads = table.tHead ? [...table.tHead.querySelectorAll("[data-gp-key]")] : [];
      const head = heads.find((one) => one.dataset.gpKey === key);
      if (head) sortRows(table, head, sort.startsWith("-"));
    }
  }

  class View {
    constructor(root) {
      this.form = root.querySelector(".gp-filter");
      this.tables = [...root.querySelectorAll("table[data-gp-rows]")];
      this.sort = "";
      this.texts = new Map();
      for (const table of this.tables) {
        makeSortable(table, (sort) => {
          this.sort = sort;
          this.write();
        });
      }
      if (this.form) this.listen();
      for (const link of root.querySelectorAll("[data-gp-set]")) {
        link.addEventListener("click", (event) => this.follow(event, link.dataset.gpSet));
      }
      this.restore();
    }

    listen() {
      this.form.hidden = false;
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("input", () => this.change());
      this.form.addEventListener("reset", () => setTimeout(() => this.change()));
    }

    values() {
      const values = {};
      for (const field of this.form ? this.form.elements : []) if (field.name) values[field.name] = field.value.trim();
      return values;
    }

    change() {
      this.filter();
      this.write();
    }

    write() {
      writeAddress({ ...this.values(), sort: this.sort });
    }

    restore() {
      const asked = readAddress();
      for (const field of this.form ? this.form.elements : []) {
        if (field.name && asked.has(field.name)) field.value = asked.get(field.name);
      }
      this.sort = asked.get("sort") ?? "";
      if (this.sort) restoreSort(this.tables, this.sort);
      if (this.form) this.filter();
    }

    text(row) {
      if (!this.texts.has(row)) this.texts.set(row, row.textContent.toLowerCase());
      return this.texts.get(row);
    }

    matches(row, wanted, find) {
      for (const [name, value] of wanted) {
        const has = row.dataset[name];
        if (has === undefined || !has.split("|").includes(value)) return false;
      }
      return find === "" || this.text(row).includes(find);
    }

    filter() {
      const { find = "", ...fields } = this.values();
      const wanted = Object.entries(fields).filter((pair) => pair[1]);
      let shown = 0;
      let all = 0;
      for (const table of this.tables) {
        let left = 0;
        for (const body of table.tBodies) {
          const rows = rowsOf(body);
          let kept = 0;
          for (const row of rows) {
            const keep = this.matches(row, wanted, find.toLowerCase());
            if (row.hidden === keep) row.hidden = !keep;
            kept += keep ? 1 : 0;
          }
          body.hidden = kept === 0;
          left += kept;
          all += rows.length;
        }
        shown += left;
      }
      const count = this.form.querySelector(".gp-count");
      count.value = count.dataset.gpWords.replace("{shown}", shown).replace("{all}", all);
    }

    follow(event, setting) {
      const [name, value] = setting.split("=");
      const field = this.form && this.form.elements.namedItem(name);
      if (!field || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      field.value = field.value === value ? "" : value;
      this.change();
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.form.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    }
  }

  function start() {
    for (const root of document.querySelectorAll(".gp")) {
      if (root.dataset.gpReady === undefined && root.querySelector("table[data-gp-rows]")) {
        root.dataset.gpReady = "";
        new View(root);
      }
    }
  }

  /* Material says which page is shown, but never does for a page from disk: so start at once as well. */
  if (typeof document$ !== "undefined") document$.subscribe(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
