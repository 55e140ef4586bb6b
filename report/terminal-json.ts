// JSON that may be printed on a terminal: what a terminal would act on is written as an escape, the value is the same.

/** C1 controls and DEL, which JSON does not escape by itself, and marks that turn the direction of text around or break a line. */
const acted = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** @param indent blanks a level, 0 for one line */
export function terminalJson(value: unknown, indent: 0 | 2 = 2): string {
  return JSON.stringify(value, null, indent).replace(
    acted,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
