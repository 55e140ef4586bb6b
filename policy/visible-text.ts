// Makes text that may hold anything a host wrote safe to show in one line: control characters become visible.

// Control and format characters that move, hide or reorder what a terminal shows, line separators, lone surrogates.
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udfff]/gu

/** Whether the text has a character that a terminal obeys instead of showing. */
export function hasInvisible(text: string): boolean {
  invisible.lastIndex = 0
  return invisible.test(text)
}

/** The text with every such character written as `\xNN` or `\u{NNNN}`. */
export function visible(text: string): string {
  return text.replace(invisible, char => {
    const code = char.codePointAt(0) ?? 0
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** At most `limit` characters, the last one an ellipsis when something was cut. */
export function bounded(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = text.slice(0, limit - 1)
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`
}
