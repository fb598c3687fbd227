import { css } from 'lit';

/** What every component of the page has in common: box model, buttons, focus, text for screen readers only. */
export const sharedStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
    min-width: 0;
  }

  :host([hidden]),
  [hidden] {
    display: none;
  }

  h1,
  h2,
  p,
  dl,
  dd,
  ol,
  ul {
    margin: 0;
    padding: 0;
  }

  ol,
  ul {
    list-style: none;
  }

  a {
    color: inherit;
    text-underline-offset: 0.15em;
    text-decoration-thickness: 1px;
  }

  button,
  select {
    font: inherit;
    color: inherit;
  }

  :focus-visible {
    outline: 3px solid var(--now);
    outline-offset: 2px;
  }

  .button {
    min-height: 2.5rem;
    padding: 0.4rem clamp(0.6rem, 3vw, 1rem);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--panel);
    cursor: pointer;
    transition: background var(--quick);
  }

  .button:hover {
    background: var(--well);
  }

  .button.primary {
    border-color: var(--ink);
    background: var(--ink);
    color: var(--ground);
  }

  .button.primary:hover {
    background: var(--ink-soft);
  }

  .section-title {
    font: 600 var(--section-title, 1.0625rem) / 1.3 var(--text);
  }

  .soft {
    color: var(--ink-soft);
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
