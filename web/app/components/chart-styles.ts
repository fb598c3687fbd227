import { css } from 'lit';

/** What the charts of the model's report have in common: titles, the line that is read, legends, tables, boxes that scroll. */
export const chartStyles = css`
  h3 {
    margin: 0;
    font: 600 1rem / 1.35 var(--text);
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.4rem 1.25rem;
    margin-bottom: 0.6rem;
  }

  .note {
    font-size: 0.9375rem;
    line-height: 1.45;
    text-wrap: pretty;
  }

  /* Always as high as its usual text, so that nothing below it jumps. */
  .reading {
    min-height: 3em;
    padding-top: 0.4rem;
    line-height: 1.45;
    text-wrap: pretty;
  }

  .scroller {
    overflow-x: auto;
    /* Room for the focus ring. */
    padding: 4px;
    margin: -4px;
  }

  table {
    border-collapse: collapse;
    font-size: 0.9375rem;
  }

  th {
    font-weight: 400;
    text-align: start;
    overflow-wrap: break-word;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    font-size: 0.875rem;
  }

  .legend li {
    display: flex;
    align-items: center;
    gap: 0.5em;
  }
`;
