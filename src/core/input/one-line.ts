/** Texts of upstreams and of people, kept to one line: what they hold must not move a cursor, hide a line or turn the order of letters. */

// Control characters of ASCII and Latin-1, line and paragraph separators, marks of writing direction.
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g
// The same without what JSON.stringify escapes by itself, and without the line ends of a laid out document.
const UNSEEN_IN_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

export function oneLine(text: string): string {
  return text.replace(UNSEEN, ' ')
}

/** The same document, with these characters escaped. @param json as JSON.stringify writes it */
export function escapeUnseen(json: string): string {
  return json.replace(UNSEEN_IN_JSON, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
