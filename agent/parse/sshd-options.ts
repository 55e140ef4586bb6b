// Reads the command line of sshd(8): the options that set what sshd_config sets.

export interface SshdOption {
  readonly keyword: string
  readonly arguments: readonly string[]
}

export interface SshdOptions {
  /** in order; each goes before every file */
  readonly options: readonly SshdOption[]
  /** `-f`, empty for the usual file */
  readonly configurationFile: string
}

/** Letters of getopt(3) that take a value. */
const withValue = 'CEbcfghkopu'
const keywordOfLetter: Readonly<Record<string, string>> = {
  p: 'port',
  h: 'hostkey',
  g: 'logingracetime',
}

/** @param words without the program */
export function parseSshdOptions(words: readonly string[]): SshdOptions {
  const options: SshdOption[] = []
  let configurationFile = ''
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (word === '--' || !word.startsWith('-')) break
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? ''
      if (letter === '4' || letter === '6') {
        options.push({ keyword: 'addressfamily', arguments: [letter === '4' ? 'inet' : 'inet6'] })
      }
      if (!withValue.includes(letter)) continue
      const attached = word.slice(at + 1)
      const value = attached === '' ? (words[++index] ?? '') : attached
      if (letter === 'f') configurationFile = value
      else options.push(...optionOf(letter, value))
      break
    }
  }
  return { options, configurationFile }
}

/** `-o` takes a line of the file: `PermitRootLogin=no`, `PermitRootLogin no`. */
function optionOf(letter: string, value: string): readonly SshdOption[] {
  if (letter === 'o') {
    const [, keyword = '', rest = ''] = /^\s*(\w+)\s*[=\s]\s*(.*)$/s.exec(value) ?? []
    return keyword === '' ? [] : [{ keyword, arguments: rest.split(/\s+/).filter(Boolean) }]
  }
  const keyword = keywordOfLetter[letter]
  return keyword === undefined ? [] : [{ keyword, arguments: [value] }]
}
