import { css } from 'lit';

/** A table whose rows hold a bar on a scale from 0 to 100%; `--row-height` is theirs. */
export const barTableStyles = css`
  :host {
    container-type: inline-size;
  }

  table {
    width: 100%;
    table-layout: fixed;
  }

  thead th {
    padding-bottom: 0.35rem;
    font-size: 0.875rem;
    line-height: 1.3;
    vertical-align: bottom;
    color: var(--ink-soft);
  }

  th:first-child {
    padding-inline-end: 0.75rem;
  }

  .number {
    text-align: end;
  }

  tbody tr > * {
    height: var(--row-height);
    border-top: 1px solid var(--line);
  }

  .scale {
    position: relative;
    display: block;
    height: var(--row-height);
    background: repeating-linear-gradient(to right, var(--line) 0 1px, transparent 1px calc(25% - 0.25px));
    border-inline-end: 1px solid var(--line);
  }

  .bar {
    position: absolute;
    left: 0;
    width: max(2px, calc(var(--value) * 100%));
    background: var(--data-soft);
    border-inline-end: 3px solid var(--data);
    forced-color-adjust: none;
  }

  .at {
    background: var(--well);
  }

  @container (width < 30rem) {
    th,
    td {
      font-size: 0.875rem;
    }
  }
`;
