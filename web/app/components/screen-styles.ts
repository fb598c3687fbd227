import { css } from 'lit';

/** The dark field on which a clip is seen, in the proportions of its picture, `--aspect`. */
export const screenStyles = css`
  .screen {
    display: grid;
    place-items: center;
    aspect-ratio: var(--aspect);
    width: 100%;
    max-height: min(62svh, 60rem);
    border-radius: var(--radius);
    background: #0a0e0d;
    overflow: hidden;
  }

  @media (width < 48rem) {
    .screen {
      max-height: 42svh;
    }
  }

  .screen > :is(video, canvas):not([hidden]) {
    display: block;
    width: 100%;
    height: 100%;
    min-height: 0;
    object-fit: contain;
  }
`;
