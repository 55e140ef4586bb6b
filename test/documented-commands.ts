// Finds the commands of both programs in the documentation, as words that a shell would make of them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export interface DocumentedCommand {
  /** page and what stands there */
  readonly source: string
  readonly program: 'agent' | 'collector'
  readonly words: readonly string[]
  /** in a block to be typed, not in a sentence */
  readonly typed: boolean
}

export const documentationPages = (): readonly string[] => [
  ...['README.md', 'CONTRIBUTING.md'],
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name)),
]

/** What stands before the words of a command, when it is one of ours. */
const start =
  /^(?:ExecStart=|sudo -u \S+ |ssh \S+ |kubectl .* -- |node |exec )*(?:npm run (?<script>agent|collector) --|(?:\S*\/)?gabion-(?<bin>agent|collector)(?:\.mjs|\.js)?)(?: (?<rest>.*))?$/

export function documentedCommands(pages = documentationPages()): readonly DocumentedCommand[] {
  return pages.flatMap(page => {
    const text = readFileSync(join(root, page), 'utf8')
    return [
      ...blockLines(text).map(line => [line, true] as const),
      ...inlineCode(text).map(code => [code, false] as const),
    ]
      .flatMap(([line, typed]) => commandsOf(line).map(part => [part, typed] as const))
      .flatMap(([part, typed]) => {
        const { script, bin, rest } = start.exec(part)?.groups ?? {}
        const program = script ?? bin
        if (program !== 'agent' && program !== 'collector') return []
        return [{ source: `${page}: ${part}`, program, words: wordsOf(rest ?? ''), typed } as const]
      })
  })
}

/** Lines of fenced blocks and of blocks that are set in by four spaces or more, continued lines joined. */
function blockLines(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^```(?:sh|ini|console|bash)?[^\n]*\n([\s\S]*?)^```$/gm)].map(
    ([, body = '']) => body,
  )
  const outside = text.replace(/^```[\s\S]*?^```$/gm, '')
  const set = [...outside.matchAll(/^ {4,}(\S.*)$/gm)].map(([, line = '']) => line)
  return [...fenced, ...set].flatMap(body => body.replace(/\\\n\s*/g, '').split('\n'))
}

/** Code in a sentence that has words behind the program's name. */
const inlineCode = (text: string): readonly string[] =>
  [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`(gabion-(?:agent|collector) [^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll('\n', ' '),
  )

/** The commands of a line: without its comment, its redirections and what runs in the background. */
function commandsOf(line: string): readonly string[] {
  return line
    .replace(/(?:^|\s)#.*$/, '')
    .split(/&&|\|\||[|;]/)
    .map(part =>
      part
        .replace(/\s[0-9]?>{1,2}\s*\S+/g, '')
        .replace(/\s<\s*\S+/g, '')
        .replace(/&\s*$/, '')
        .trim(),
    )
}

const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^\s"']+)/g)].map(
    ({ groups }) => groups?.['double'] ?? groups?.['single'] ?? groups?.['bare'] ?? '',
  )
