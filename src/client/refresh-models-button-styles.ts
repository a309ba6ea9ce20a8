/** How the button looks by itself; a host styles the parts, or sets the custom properties. */
export const BUTTON_STYLES = `
  :host {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75em;
    font: inherit;
    color-scheme: light dark;
  }
  :host([hidden]) { display: none; }
  button {
    font: inherit;
    font-weight: 600;
    min-height: 2.5em;
    padding: 0 1em;
    border: 1px solid transparent;
    border-radius: 0.5em;
    background: var(--refresh-models-accent, #1d4ed8);
    color: var(--refresh-models-accent-text, #fff);
    cursor: pointer;
  }
  button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
  button:disabled, button[aria-disabled='true'] { cursor: default; opacity: 0.7; }
  span:empty { display: none; }
  span[data-state='bad'] { color: light-dark(#b91c1c, #fca5a5); }
  span[data-state='good'] { color: light-dark(#166534, #86efac); }
`
