// Cuts characters off the end of a text in one pass, however many of them it holds elsewhere.

/**
 * The same as `text.replace(/[…]+$/, '')`, which starts anew at each such character: a text of a mebibyte of them with
 * another behind it would take minutes.
 * @param characters each of which is cut off
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
