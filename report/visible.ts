// Makes host strings harmless for a terminal, a log or a plain text file.

/** Control, bidirectional and invisible characters: what can move a cursor, reorder a line or hide text. */
const dangerous =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/** The text with each dangerous character written as `\u{hex}`. */
export function visible(text: string): string {
  return text.replace(dangerous, char => `\\u{${char.charCodeAt(0).toString(16)}}`)
}
